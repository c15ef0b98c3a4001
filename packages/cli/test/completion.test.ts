import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { recordedIo } from "./io.ts";

async function completion(shell: string): Promise<string> {
  const io = recordedIo();
  expect(await main(["completion", shell], io)).toBe(0);
  return io.out();
}

/** What bash offers behind these words. */
async function offered(...words: string[]): Promise<readonly string[]> {
  const ask = `eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _deploy; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ["--norc", "-c", ask, "bash", await completion("bash"), "deploy", ...words];
  return execFileSync("bash", args, { encoding: "utf8" }).trim().split("\n");
}

test("bash completes commands, their flags and their parts", async () => {
  expect(await offered("ro")).toEqual(["rollback"]);
  expect(await offered("run", "--dry")).toEqual(["--dry-run"]);
  expect(await offered("assets", "pub")).toEqual(["publish"]);
  expect(await offered("--ver")).toEqual(["--version"]);
});

test("zsh reads the same, fish a line for each with its words", async () => {
  expect(await completion("zsh")).toBe(
    `autoload -U +X bashcompinit && bashcompinit\n${await completion("bash")}`,
  );
  expect(await completion("fish")).toMatch(
    /^complete -c deploy -n '__fish_seen_subcommand_from run' -l dry-run -d 'read everything/m,
  );
});

test("another shell is refused with those there are", async () => {
  const io = recordedIo();
  expect([await main(["completion", "tcsh"], io), io.err()]).toEqual([
    2,
    expect.stringContaining("bash, zsh, fish"),
  ]);
});
