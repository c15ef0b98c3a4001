import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileCache } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { newFolder } from "./folder.ts";

const entry = join(import.meta.dirname, "../src/main.ts");

/** The executable, in a folder of its own. */
function start(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...compileCache, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = once(child, "close").then(([exitCode]) => ({ exitCode: exitCode as number, out, err }));
  return { child, ended };
}

async function until(there: () => boolean, child: ChildProcess): Promise<void> {
  while (!there() && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
}

test("it is a command: arguments in, exit code out", async () => {
  const { exitCode, err } = await start(["pln"], newFolder()).ended;
  expect([exitCode, err]).toEqual([2, expect.stringContaining("(Did you mean plan?)")]);
});

test("what Node compiled is kept where nobody else writes, and never in a job", async () => {
  const home = newFolder();
  const compiled = join(home, "deploy/compiled");
  const started = (env: Record<string, string>) =>
    start(["--version"], newFolder(), { NODE_COMPILE_CACHE: "", XDG_CACHE_HOME: home, ...env }).ended;
  expect(await started({ CI: "true" })).toMatchObject({ exitCode: 0 });
  expect(existsSync(compiled)).toBe(false);
  mkdirSync(compiled, { recursive: true });
  chmodSync(compiled, 0o777);
  await started({});
  expect(readdirSync(compiled)).toEqual([]);
  chmodSync(compiled, 0o700);
  await started({});
  expect(readdirSync(compiled)).not.toEqual([]);
});

test("through npm it works in the folder npm was called in", async () => {
  const folder = newFolder();
  const env = { npm_lifecycle_event: "deploy", INIT_CWD: folder };
  expect((await start(["init"], newFolder(), env).ended).exitCode).toBe(0);
  expect(readdirSync(folder)).toEqual([".github"]);
});

test("Ctrl-C during a build: what runs is ended, nothing is left in the temporary folder, exit code 130", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, ".github"));
  mkdirSync(join(folder, "tmp"));
  const config = `app: shop
deploy-to: /srv/shop
build: ['touch started; while [ ! -e done ]; do sleep 0.05; done']
environments: { production: { hosts: [deploy@127.0.0.1] } }
`;
  writeFileSync(join(folder, ".github/deploy.yml"), config);
  writeFileSync(join(folder, "pins"), "127.0.0.1 ssh-ed25519 AAAA\n");
  const args = ["run", "--yes", "--commit", "1111111", "--known-hosts", "pins"];
  const { child, ended } = start(args, folder, {
    SSH_AUTH_SOCK: join(folder, "agent"),
    TMPDIR: join(folder, "tmp"),
  });
  await until(() => existsSync(join(folder, "started")), child);
  child.kill("SIGINT");
  const { exitCode, err } = await ended;
  writeFileSync(join(folder, "done"), "");
  expect([exitCode, readdirSync(join(folder, "tmp"))]).toEqual([130, []]);
  expect(err).toContain("Cancelling");
});
