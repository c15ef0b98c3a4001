import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseHosts } from "@deploy/core";
import { needs, type SshdFleet, sshdFleet } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { readSshConfig } from "../src/sshConfig.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

/** A home folder with this as its `~/.ssh/config`. */
function homeWith(text: string): string {
  const home = newFolder();
  mkdirSync(join(home, ".ssh"));
  writeFileSync(join(home, ".ssh/config"), text);
  return home;
}

needs("sshd")("~/.ssh/config", () => {
  const read = (text: string, hosts: readonly string[], flags = {}) =>
    readSshConfig(parseHosts(hosts.join("\n")), { env: { ...process.env, HOME: homeWith(text) } }, flags);

  test("what ssh makes of it: patterns, aliases, the jump host's own", async () => {
    const text = `Host web*
  HostName %h.internal.example.com
  ProxyJump bastion
Host web2
  Port 2222
Host bastion
  HostName jump.example.com
  User gate
  Port 2022
Host *
  IdentityFile ~/.ssh/deploy
  UserKnownHostsFile ~/.ssh/pins
`;
    const { reached, ...said } = await read(text, ["deploy@web1", "deploy@web2", "deploy@web3:22022"]);
    expect(said).toEqual({
      identityFile: "~/.ssh/deploy",
      knownHosts: expect.stringMatching(/\.ssh\/pins$/),
      jumpHost: "gate@jump.example.com:2022",
    });
    expect(Object.fromEntries(reached)).toEqual({
      web1: { address: "web1.internal.example.com", port: 22 },
      web2: { address: "web2.internal.example.com", port: 2222 },
      "web3:22022": { address: "web3.internal.example.com", port: 22_022 },
    });
  });

  test("what ssh does by itself is nobody's choice", async () => {
    const { reached, ...said } = await read("Host other\n  IdentityFile ~/.ssh/x\n", ["deploy@web1"]);
    expect([said, [...reached.values()]]).toEqual([{}, [{ address: "web1", port: 22 }]]);
  });

  test("two keys for two servers are refused by name; a flag decides", async () => {
    const text = "Host web1\n  IdentityFile ~/.ssh/a\nHost web2\n  IdentityFile ~/.ssh/b\n";
    const hosts = ["deploy@web1", "deploy@web2"];
    await expect(read(text, hosts)).rejects.toThrow(
      "several IdentityFile for these servers: ~/.ssh/a, ~/.ssh/b",
    );
    expect((await read(text, hosts, { identityFile: "c" })).identityFile).toBe("c");
  });
});

needs("sshd")("a command without a flag", () => {
  let fleet: SshdFleet;
  beforeAll(async () => {
    fleet = await sshdFleet({ hosts: 1, namespaces: false });
  });
  afterAll(() => fleet?.close());

  test("reaches the server that only ssh's own file knows, and calls it by the config's name", async () => {
    const [host] = fleet.hosts;
    if (host === undefined) throw new Error("no host");
    const home = newFolder();
    mkdirSync(join(home, ".ssh"));
    const lines = [
      "Host production-1",
      "HostName 127.0.0.1",
      `Port ${host.port}`,
      `IdentityFile ${home}/key`,
      `UserKnownHostsFile ${home}/pins`,
    ];
    writeFileSync(join(home, ".ssh/config"), lines.join("\n"));
    writeFileSync(join(home, "key"), fleet.keys.private, { mode: 0o600 });
    writeFileSync(join(home, "pins"), `${host.knownHostsLine()}\n`);
    mkdirSync(join(home, "shop/.github"), { recursive: true });
    const hosts = [`${host.username}@production-1`];
    const config = { app: "shop", "deploy-to": `${host.srv}/shop`, environments: { production: { hosts } } };
    writeFileSync(join(home, "shop/.github/deploy.yml"), JSON.stringify(config));
    const io = recordedIo({
      cwd: join(home, "shop"),
      env: { ...process.env, HOME: home, SSH_AUTH_SOCK: undefined },
    });
    expect([await main(["status"], io), io.err()]).toEqual([0, ""]);
    expect(io.out()).toContain("production-1");
  });
});
