import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { testKeys } from "@deploy/testkit/servers";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { broken, mended } from "../../packages/cli/test/broken.ts";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { moveOf, nameIn } from "./steps.ts";

// What an action's error tells a person to do is read out of its annotation here and done, and then it works.

let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet();
});
afterAll(() => fleet.close());
beforeEach(() => {
  job = fleet.job();
});

const whole =
  "exclude: [/none]\nshared: { directories: [uploads] }\nprepare: ['true']\n" +
  "activate: { reload: ['true'], health: { url: 'http://127.0.0.1:8080/up', within: 10s } }\n";

test.each(broken)("%s: changed as it says, the config has no mistake any more", async (code, spoil) => {
  job.configure(whole);
  const file = join(job.workspace, ".github/deploy.yml");
  const good = readFileSync(file, "utf8");
  writeFileSync(file, spoil(good));
  // No plan builds.
  const action = code === "build-failed" ? "pack" : "plan";
  const ran = await job.step(action, { "dry-run": "true" });
  const told = moveOf(ran, code);
  const line = ran.errors.find((error) => error.code === code)?.line;
  writeFileSync(file, mended(good, spoil(good), told, line));
  await job.works(action, { "dry-run": "true" });
});

test("of several environments, the one that is listed is given as the input that is named", async () => {
  job.configure();
  const file = readFileSync(join(job.workspace, ".github/deploy.yml"), "utf8");
  job.write(".github/deploy.yml", `${file}  staging: { hosts: [deploy@127.0.0.1] }\n`);
  const move = moveOf(await job.step("plan"), "config-environment");
  expect(move).toContain("production");
  await job.works("plan", { [nameIn(move)]: "production" });
});

test("an input is given the name, or a value, that the error shows", async () => {
  const unknown = moveOf(await job.step("plan", { knownhosts: "x" }), "input-unknown");
  await job.works("plan", {
    [/Did you mean "(.+?)"/.exec(unknown)?.[1] ?? ""]: job.pins(),
  });
  const invalid = moveOf(
    await job.step("upload", { "lock-wait": "soon", "dry-run": "true" }),
    "input-invalid",
  );
  await job.works("upload", { "lock-wait": /`(\d+s)`/.exec(invalid)?.[1] ?? "", "dry-run": "true" });
  const empty = moveOf(await job.step("upload", { plan: "", "dry-run": "true" }), "hand-over-empty");
  expect(empty).toMatch(/Leave the input out/);
  await job.works("upload", { "dry-run": "true" });
  const half = { "aws-access-key-id": "AKIA", "dry-run": "true" };
  expect(moveOf(await job.step("upload", half), "input-missing")).toMatch(/aws-secret-access-key.*Give it/);
  await job.works("upload", { ...half, "aws-secret-access-key": "x" });
});

test.each([
  ["private-key-empty", () => ""],
  ["private-key-public", () => fleet.keys.public],
  ["private-key-truncated", (key: string) => key.split("\n").slice(0, 3).join("\n")],
  ["private-key-several", (key: string) => key + key],
  ["private-key-invalid", () => "no key"],
  ["private-key-putty", () => "PuTTY-User-Key-File-3: ssh-ed25519\n"],
  ["private-key-passphrase-missing", () => testKeys({ passphrase: "open" }).private],
  ["private-key-dsa", () => "-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n"],
  ["private-key-passphrase-wrong", () => testKeys({ passphrase: "open" }).private],
  ["auth-refused", () => testKeys().private],
] as const)("%s: the one whole key, given as it says, logs in", async (code, spoil) => {
  const wrong = code === "private-key-passphrase-wrong" ? { "ssh-passphrase": "shut" } : {};
  const given = { "ssh-private-key": spoil(fleet.keys.private), ...wrong };
  const move = moveOf(await job.step("plan", given), code);
  expect(move).toMatch(
    /secret|Give|Copy the whole file|Convert it|Make a new key|Check `ssh-passphrase`|correct the username or the key/,
  );
  await job.works("plan");
});

test("host keys are given as the input that is named, or as the line that is shown", async () => {
  job = fleet.job(2);
  const missing = moveOf(await job.step("plan", { "known-hosts": "" }), "known-hosts-missing");
  expect(missing).toMatch(/store the lines in known-hosts/);
  await job.works("plan");
  const [first = "", second = ""] = job.pins().split("\n");
  const unknown = moveOf(await job.step("plan", { "known-hosts": first }), "host-key-unknown");
  const [, line = ""] = /add the line: (.+?)(?: Or |$)/.exec(unknown) ?? [];
  await job.works("plan", { "known-hosts": `${first}\n${line}\n` });
  expect(second).toContain(line.split(" ").at(-1));
  const spoilt = moveOf(
    await job.step("plan", { "known-hosts": `${first}\n${second.slice(0, -9)}!\n` }),
    "known-hosts-invalid",
  );
  expect(spoilt).toMatch(/Paste the line again/);
});

test("a host key that is another one is pinned anew, once its fingerprint is the offered one", async () => {
  const line = job.pins();
  const old = `${line.split(" ").slice(0, 1)} ${testKeys().public}\n`;
  const move = moveOf(await job.step("plan", { "known-hosts": old }), "host-key-mismatch");
  expect(move).toMatch(
    /only if it is the offered one, replace the line .* by that of `ssh-keyscan -p \d+ \S+`/,
  );
  await job.works("plan", { "known-hosts": line });
});

test("a host is reached by the port that is sshd's", async () => {
  const old = createServer((socket) => {
    socket
      .on("error", () => {})
      .resume()
      .end("SSH-1.5-old\r\n");
  });
  await new Promise<void>((done) => old.listen(0, "127.0.0.1", done));
  const { port } = old.address() as AddressInfo;
  const other = moveOf(await job.step("plan", { hosts: `deploy@127.0.0.1:${port}` }), "handshake-failed");
  expect(other).toMatch(/Check that the port is sshd's/);
  await new Promise((done) => old.close(done));
  await job.works("plan");
});

test.each([
  ["link-refused", (at: string) => symlinkSync("/etc", at)],
  ["mode-refused", (at: string) => writeFileSync(at, "") ?? chmodSync(at, 0o4755)],
  ["name-refused", (at: string) => writeFileSync(`${at}\\x`, "")],
  ["type-refused", (at: string) => expect(spawnSync("mkfifo", [at]).status).toBe(0)],
  ["revision-refused", (at: string) => writeFileSync(at, "mine\n")],
] as const)("%s: the key that is named leaves it out", async (code, spoil) => {
  const name = code === "revision-refused" ? "REVISION" : "odd";
  spoil(join(job.workspace, "site", name));
  const move = moveOf(await job.step("pack", { "dry-run": "true" }), code);
  const [, key = ""] = /leave it out with `([a-z]+)`/.exec(move) ?? [];
  job.configure(`${key}: [/${name}*]\n`);
  await job.works("pack", { "dry-run": "true" });
});
