import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";

const demo = join(import.meta.dirname, "..");
const work = join(demo, ".work");

afterEach(() => rmSync(work, { recursive: true, force: true }));

function start(env: Record<string, string | undefined> = {}) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(demo, "main.ts")], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = once(child, "close").then(([exitCode]) => ({ exitCode: exitCode as number | null, output }));
  const until = async (text: string): Promise<void> => {
    while (!output.includes(text) && child.exitCode === null) await pause();
  };
  return { child, ended, until };
}

const pause = () => new Promise((done) => setTimeout(done, 20));

/** Processes that run in, or were started from, the demo's folder. Linux only, else none. */
function leftovers(): string[] {
  if (!existsSync("/proc/self")) return [];
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && belongs(pid));
}

function belongs(pid: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.includes(`${work}/`) || readlinkSync(`/proc/${pid}/cwd`).startsWith(work);
  } catch {
    return false;
  }
}

/** What the repository's folder holds, the demo's own work folder aside. */
const around = (): string[] => readdirSync(demo).filter((name) => name !== ".work");

const table = `what happened     exit  web1  web2  web3  migrations run  uploads
----------------  ----  ----  ----  ----  --------------  -------
plan              0     -     -     -     0               intact
deploy release 1  0     1     1     1     1               intact
deploy release 2  3     1     1     1     2               intact
deploy release 3  0     3     3     3     3               intact
deploy it again   0     3     3     3     3               intact
roll back         0     1     1     1     3               intact
status            0     1     1     1     3               intact
`;

test("the whole story, and nothing is left of it", async () => {
  const before = around();
  const { exitCode, output } = await start().ended;
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining(table) });
  for (const command of ["npm run demo -- --keep", "npm run deploy -- help", "run deploy -- init"]) {
    expect(output).toContain(command);
  }
  expect([existsSync(work), leftovers(), around()]).toEqual([false, [], before]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s in the middle: exit code 130, nothing is left",
  async (signal) => {
    const { child, ended, until } = start();
    await until("prepare  ok");
    child.kill(signal);
    const { exitCode, output } = await ended;
    expect({ exitCode, output }).toEqual({ exitCode: 130, output: expect.stringContaining("Interrupted") });
    expect([existsSync(work), leftovers()]).toEqual([false, []]);
  },
  120_000,
);

test("killed outright: the servers' processes go too, and the next run, without git, clears the folder", async () => {
  const { child, ended, until } = start();
  await until("Over HTTP:");
  child.kill("SIGKILL");
  expect((await ended).exitCode).toBe(null);
  while (leftovers().length > 0) await pause();
  const { exitCode, output } = await start({ PATH: "/nowhere" }).ended;
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining(table) });
  expect(output).toContain("$ deploy run --commit ");
  expect([existsSync(work), leftovers()]).toEqual([false, []]);
});
