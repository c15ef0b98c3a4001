import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorCode, Problem } from "@deploy/core";
import { until } from "@deploy/testkit/servers";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { recordedIo } from "./io.ts";
import { migrationsOn, openShop, type Ran, type Shop } from "./shop.ts";

// As nextMoves, of commands that are cancelled, or that somebody else gets in the way of.

const one = ["--commit", "1".repeat(40)];
const run = ["run", "--yes", ...one];
const directory = mkdtempSync(join(tmpdir(), "cut-moves-"));
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(directory);
});
beforeEach(() => {
  shop.clear();
  for (const name of ["began", "go"]) rmSync(at(name), { force: true });
});
afterAll(async () => {
  await shop.close();
  rmSync(directory, { recursive: true });
});

/** A file in the home of the first server, the leader. */
const at = (name: string) => join(shop.servers[0].root, name);
const began = () => until("the command", () => existsSync(at("began")));
const letGo = () => writeFileSync(at("go"), "");
const waiting = "echo >~/began; until [ -e ~/go ]; do sleep 0.1; done";

const file = () => join(shop.folder, ".github/deploy.yml");
const configure = (change: (text: string) => string) =>
  writeFileSync(file(), change(readFileSync(file(), "utf8")));
const prepare = (command: string) =>
  configure((text) =>
    text.replace(/^prepare: .*$/m, `prepare: ['[ "$PWD" != "\${PWD#${at("")}}" ] || exit 0; ${command}']`),
  );
const migrate = (command: string) =>
  configure((text) => text.replace(/^migrate: .*$/m, `migrate: ${command}`));

/** What a command that ends with this code says to do. */
function moveOf({ out, exitCode }: Ran, code: ErrorCode): string {
  const { problems } = JSON.parse(out) as { readonly problems: readonly Problem[] };
  const codes = problems.map((problem) => problem.code);
  expect([exitCode > 0, codes]).toEqual([true, expect.arrayContaining([code])]);
  return problems.find((problem) => problem.code === code)?.hint ?? "";
}

const deploy = (args: readonly string[], signal?: AbortSignal) =>
  shop.deploy([...args, "--json"], signal === undefined ? {} : { signal });

async function works(args: readonly string[]): Promise<Ran> {
  const ran = await shop.deploy(args);
  expect([args, ran.exitCode, ran.exitCode === 0 ? "" : ran.err + ran.out]).toEqual([args, 0, ""]);
  return ran;
}

/** Cancels it once its command on the leader runs. */
async function cancelled(args: readonly string[]): Promise<Ran> {
  const cancel = new AbortController();
  const ran = deploy(args, cancel.signal);
  await began();
  cancel.abort();
  return ran;
}

test("a command that was ended begins anew", async () => {
  prepare(waiting);
  expect(moveOf(await cancelled(run), "command-ended")).toMatch(/Run the same thing again/);
  letGo();
  await works(run);
});

test("a migration that is left running is followed, waited for, and not begun again by the same deploy", async () => {
  migrate(`${waiting}; echo migrated >>~/migrations`);
  const left = moveOf(await cancelled(run), "job-left-running");
  expect(left).toMatch(/Follow it with: deploy status --environment production\. Run the same deploy again/);
  expect((await shop.deploy(["status"])).out).toMatch(/migrate-\S+ runs on /);
  expect(moveOf(await deploy(["unlock", "--yes"]), "job-running")).toMatch(
    /Wait until it ends; see it with: deploy status /,
  );
  letGo();
  await until("its end", () => migrationsOn(shop.servers[0]) === 1);
  await works(["unlock", "--yes"]);
  await works(run);
  expect(migrationsOn(shop.servers[0])).toBe(1);
});

test("a migration that the cancel ended runs again with the flag that is named", async () => {
  migrate(`{ run: '${waiting}; echo migrated >>~/migrations', on-cancel: terminate }`);
  const [flag = ""] = /--retry/.exec(moveOf(await cancelled(run), "job-ended")) ?? [];
  letGo();
  await works([...run, flag]);
  expect(migrationsOn(shop.servers[0])).toBe(1);
});

test("a backup that was cancelled is made when somebody likes", async () => {
  await works(run);
  const dump = `{ database: command, run: '${waiting}; echo data', verify: cat, store: backups, minimum-size: 1 }`;
  configure((text) => `${text.replace("exclude: [", "exclude: [/backups, ")}backup: ${dump}\n`);
  expect(moveOf(await cancelled(["backup"]), "backup-cancelled")).toMatch(/run it again when you like/);
  letGo();
  await works(["backup"]);
});

test("who took the lock meanwhile is looked at, then it is planned again", async () => {
  prepare(waiting);
  const ran = deploy(run);
  await began();
  await works(["unlock", "--yes"]);
  letGo();
  expect(moveOf(await ran, "fenced")).toMatch(/See what the other run did, then plan again/);
  expect((await shop.deploy(["status"])).out).toContain("nothing");
  await works(["plan", ...one]);
  await works(run);
});

test.each([
  ["current-changed", "ln -sfn releases/20200101T000000Z-0000000 ~/shop/current", /plan again/],
  ["current-unusable", "mkdir ~/shop/current", /Move it away on the host, then plan again/],
] as const)("%s: with nothing in the way, it is planned again", async (code, meanwhile, told) => {
  mkdirSync(at("shop/releases/20200101T000000Z-0000000"), { recursive: true });
  prepare(meanwhile);
  expect(moveOf(await deploy(run), code)).toMatch(told);
  rmSync(at("shop/current"), { recursive: true });
  prepare("true");
  // The process that holds the lock is this one, which lives: a command's own is over, and its lock taken at once.
  await works(["unlock", "--yes"]);
  await works(run);
});

test("a release whose record says that it is not whole is prepared again", async () => {
  migrate("sed -i s/ready/partial/ ~/shop/.deploy/releases/$DEPLOY_RELEASE.json");
  expect(moveOf(await deploy(run), "release-not-ready")).toMatch(/Prepare it again/);
  migrate("'true'");
  await works(run);
});

test("an agent that runs, and lists the key, logs in", async () => {
  const socket = join(directory, "agent");
  const withAgent = async () => {
    const io = recordedIo({ cwd: shop.folder, env: { PATH: process.env.PATH, SSH_AUTH_SOCK: socket } });
    const exitCode = await main([...run, "--json", "--known-hosts", "secrets/pins"], io);
    return { exitCode, out: io.out(), err: io.err() };
  };
  const told = moveOf(await withAgent(), "agent-unavailable");
  const [, list = ""] = /`(ssh-add -l)` lists the deploy key/.exec(told) ?? [];
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  await until("the agent", () => existsSync(socket));
  const add = async (command: string) => {
    const said = spawn("sh", ["-c", command], {
      cwd: shop.folder,
      env: { ...process.env, SSH_AUTH_SOCK: socket },
    });
    return new Promise((done) => said.on("close", done));
  };
  expect(await add(`chmod 600 secrets/key && ssh-add secrets/key 2>/dev/null && ${list} >/dev/null`)).toBe(0);
  expect((await withAgent()).exitCode).toBe(0);
  agent.kill();
});

test("at a desk the value that the message names is given", async () => {
  await works(run);
  const { exitCode, err } = await shop.deploy(["freeze", ""]);
  expect([exitCode, err]).toEqual([2, expect.stringMatching(/A freeze needs a reason\. Change the value/)]);
  await works(["freeze", "stock taking"]);
  const exec = ["exec", "--hosts"];
  const refused = await shop.deploy([...exec, "web9", "--", "true"]);
  const [, one = ""] = /^argument-refused.* one of the hosts \(([^,)]+)/.exec(refused.err) ?? [];
  expect([refused.exitCode, refused.err.split(" ")[0]]).toEqual([2, "argument-refused"]);
  await works([...exec, one, "--", "true"]);
});
