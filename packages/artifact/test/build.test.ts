import { expect, test } from "@jest/globals";
import { runBuild } from "../src/index.ts";
import { temporary } from "./tree.ts";

async function build(commands: readonly string[], signal = new AbortController().signal) {
  const output: string[] = [];
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
  const options = { commands: ["echo started; sleep 600 | cat"], root: temporary(), env: process.env };
  const ended = runBuild({ ...options, signal: abort.signal, onOutput: () => abort.abort() }).catch(
    (e: Error) => e.message,
  );
  expect(await ended).toBe('The build command "echo started; sleep 600 | cat" was cancelled');
});
