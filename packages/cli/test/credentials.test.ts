import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { gitAccess, pathOf, readCredentials } from "../src/credentials.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

const pinned = "web1 ssh-ed25519 AAAA\n";

function folderWith(files: Record<string, string>): string {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test("identity file, passphrase and jump host", async () => {
  const cwd = folderWith({ known_hosts: pinned, key: "KEY" });
  const io = recordedIo({ cwd, env: { DEPLOY_SSH_PASSPHRASE: "open sesame", SSH_AUTH_SOCK: "/tmp/agent" } });
  const connection = await readCredentials(
    { knownHosts: "known_hosts", identityFile: "key", jumpHost: "jump@bastion" },
    io,
  );
  expect({
    ...connection,
    privateKey: connection.privateKey?.reveal(),
    passphrase: connection.passphrase?.reveal(),
  }).toEqual({ knownHosts: pinned, jumpHost: "jump@bastion", privateKey: "KEY", passphrase: "open sesame" });
  expect(JSON.stringify(connection)).not.toMatch(/KEY|sesame/);
});

test("without an identity file the agent is asked", async () => {
  const io = recordedIo({ cwd: folderWith({ known_hosts: pinned }), env: { SSH_AUTH_SOCK: "/tmp/agent" } });
  expect(await readCredentials({ knownHosts: "known_hosts" }, io)).toEqual({
    knownHosts: pinned,
    agent: "/tmp/agent",
  });
});

test("a public key as the identity file picks that one of the agent's", async () => {
  const line = "ssh-ed25519 AAAAC3Nza me@desk\n";
  const cwd = folderWith({ known_hosts: pinned, "key.pub": line });
  const options = { knownHosts: "known_hosts", identityFile: "key.pub" };
  const agent = "/tmp/agent";
  expect(await readCredentials(options, recordedIo({ cwd, env: { SSH_AUTH_SOCK: agent } }))).toEqual({
    knownHosts: pinned,
    agent,
    agentKey: line,
  });
  // Without an agent it is what it always was: no private key.
  expect((await readCredentials(options, recordedIo({ cwd }))).privateKey?.reveal()).toBe(line);
});

test("what init made for the app is found by itself; flags, and another app, go before it", async () => {
  const cwd = folderWith({ "known_hosts.deploy": pinned, key: "OTHER" });
  mkdirSync(join(cwd, ".ssh"));
  writeFileSync(join(cwd, ".ssh/deploy-shop"), "KEY");
  const io = recordedIo({ cwd, env: { HOME: cwd, SSH_AUTH_SOCK: "/tmp/agent" } });
  const read = async (options: object, app: string) => {
    const { knownHosts, privateKey, agent } = await readCredentials(options, io, { app, hosts: [] });
    return [knownHosts, privateKey?.reveal() ?? agent];
  };
  expect(await read({}, "shop")).toEqual([pinned, "KEY"]);
  expect(await read({ identityFile: "key" }, "shop")).toEqual([pinned, "OTHER"]);
  expect(await read({}, "pages")).toEqual([pinned, "/tmp/agent"]);
  await expect(read({ knownHosts: "nowhere" }, "shop")).rejects.toMatchObject({
    problem: { code: "known-hosts-missing" },
  });
});

test("neither key nor agent is said before anything is contacted", async () => {
  const io = recordedIo({ cwd: folderWith({ known_hosts: pinned }) });
  await expect(readCredentials({ knownHosts: "known_hosts" }, io)).rejects.toMatchObject({
    problem: {
      code: "identity-missing",
      message: "no --identity-file was given and no ssh-agent is running (SSH_AUTH_SOCK is not set)",
    },
  });
});

test("a missing identity file is named", async () => {
  const cwd = folderWith({ known_hosts: pinned });
  await expect(
    readCredentials({ knownHosts: "known_hosts", identityFile: "no key" }, recordedIo({ cwd })),
  ).rejects.toMatchObject({
    problem: { code: "identity-missing", message: `${join(cwd, "no key")} cannot be read` },
  });
});

test.each([
  ["known_hosts", "is empty"],
  ["other", "cannot be read"],
])("%s %s: nothing is trusted by default", async (knownHosts, why) => {
  const cwd = folderWith({ known_hosts: " \n" });
  await expect(readCredentials({ knownHosts }, recordedIo({ cwd }))).rejects.toMatchObject({
    problem: { code: "known-hosts-missing", message: `${join(cwd, knownHosts)} ${why}` },
  });
});

test.each([
  ["~/.ssh/known_hosts", "/home/me/.ssh/known_hosts"],
  ["key", "/repo/key"],
  ["/etc/key", "/etc/key"],
  ["~other/key", "/repo/~other/key"],
])("path %s", (given, path) => {
  expect(pathOf(given, recordedIo({ cwd: "/repo", env: { HOME: "/home/me" } }))).toBe(path);
});

test("what servers fetch the commit with comes from the environment, and prints itself nowhere", () => {
  const { key, token } = gitAccess(recordedIo({ env: { DEPLOY_GIT_KEY: "KEY", DEPLOY_GIT_TOKEN: "ghs_x" } }));
  expect([key?.reveal(), token?.reveal(), JSON.stringify({ key, token })]).toEqual([
    "KEY",
    "ghs_x",
    '{"key":"[secret]","token":"[secret]"}',
  ]);
  expect(gitAccess(recordedIo({ env: { DEPLOY_GIT_KEY: "" } }))).toEqual({});
});

test("hosts by FTP need a password, and neither pins nor a key", async () => {
  const host = {
    name: "hoster",
    address: "ftp.hoster.example",
    port: 21,
    username: "u",
    roles: [],
    via: "ftps",
  } as const;
  const io = recordedIo({ cwd: newFolder(), env: { DEPLOY_FTP_PASSWORD: "open sesame" } });
  const { knownHosts, ftpPassword } = await readCredentials({}, io, { hosts: [host] });
  expect([knownHosts, ftpPassword?.reveal()]).toEqual(["", "open sesame"]);
});
