import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildCommand } from "@deploy/core";
import { until } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { runBuild } from "../src/index.ts";
import { temporary } from "./tree.ts";

async function build(runs: readonly (string | BuildCommand)[], signal = new AbortController().signal) {
  const output: string[] = [];
  const commands = runs.map((run) => (typeof run === "string" ? { run } : run));
  const options = { commands, root: temporary(), env: { PATH: process.env.PATH, WHO: "me" }, signal };
  const error = await runBuild({ ...options, onOutput: (text) => output.push(text) }).catch(
    (e: Error) => e.message,
  );
  return { error, output: output.join("") };
}

test("commands run in order, in one folder, with the given environment only", async () => {
  expect(await build(['echo "$WHO" > f', "cat f; echo $HOME", "echo e >&2"])).toEqual({
    error: undefined,
    output: "me\n\ne\n",
  });
});

test("the first that fails ends the build, named with its code", async () => {
  expect(await build(["echo one", "exit 7", "echo two"])).toEqual({
    error: 'The build command "exit 7" ended with exit code 7',
    output: "one\n",
  });
  expect((await build(["kill -9 $$"])).error).toBe(
    'The build command "kill -9 $$" ended with signal SIGKILL',
  );
});

test("cancelling ends the command and what it started", async () => {
  const abort = new AbortController();
  const options = {
    commands: [{ run: "echo started; sleep 600 | cat" }],
    root: temporary(),
    env: process.env,
  };
  const ended = runBuild({ ...options, signal: abort.signal, onOutput: () => abort.abort() }).catch(
    (e: Error) => e.message,
  );
  expect(await ended).toBe('The build command "echo started; sleep 600 | cat" was cancelled');
});

test("what heeds no TERM is killed, though the shell that started it is gone before", async () => {
  const abort = new AbortController();
  let pid = 0;
  const onOutput = (text: string) => {
    pid ||= Number.parseInt(text, 10);
    abort.abort();
  };
  const run = `sh -c 'trap "" TERM; echo $$; exec sleep 600' & wait`;
  const options = { commands: [{ run }], root: temporary(), env: process.env, killAfter: 200 };
  const ended = runBuild({ ...options, signal: abort.signal, onOutput }).catch((e: Error) => e.message);
  expect(await ended).toMatch(/was cancelled$/);
  // What only waits to be reaped has no command line.
  await until("its end", () => spawnSync("grep", ["-q", "sleep", `/proc/${pid}/cmdline`]).status !== 0);
});

test("one that is not over in time is ended with what it started, and says so", async () => {
  expect(await build([{ run: "sleep 600 | cat", timeout: 200 }])).toEqual({
    error: 'The build command "sleep 600 | cat" was not over after 200 ms, its `timeout`, and was ended',
    output: "",
  });
});

test("the exit status ends a command that left something running, which is told", async () => {
  const { error, output } = await build(["sleep 600 & echo $!", "echo two"]);
  process.kill(Number(output.split("\n")[0]));
  expect([error, output]).toEqual([
    undefined,
    expect.stringMatching(
      /^\d+\nthe command has ended, but something it started still holds its output.*\ntwo\n$/,
    ),
  ]);
});

test("a command that says nothing is told of", async () => {
  const root = temporary();
  const said: string[] = [];
  const onOutput = (text: string) => {
    said.push(text);
    if (!existsSync(join(root, "go"))) writeFileSync(join(root, "go"), "");
  };
  const run = "until [ -e go ]; do sleep 0.05; done";
  const { signal } = new AbortController();
  await runBuild({ commands: [{ run }], root, env: process.env, onOutput, signal, silence: 50 });
  expect(said[0]).toMatch(/^no output of `until .*done` for .*: it still runs\n$/);
});
