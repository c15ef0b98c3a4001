import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { countChanges, readCommit } from "../src/index.ts";
import { makeTree, temporary } from "./tree.ts";

const env = { PATH: process.env.PATH ?? "", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };

test("the commit and its own time, from git", async () => {
  const root = makeTree({ f: "x" });
  const date = "2026-11-21T08:44:50Z";
  const who = ["-c", "user.name=n", "-c", "user.email=e@example.com"];
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, ...who, ...args], {
      env: { ...env, GIT_COMMITTER_DATE: date },
      encoding: "utf8",
    });
  git("init", "-q");
  expect(await readCommit(root, env)).toBeUndefined();
  git("add", ".");
  git("commit", "-qm", "one");
  const commit = git("rev-parse", "HEAD").trim();
  const found = { commit, time: Date.parse(date) / 1000 };
  expect(await readCommit(root, env)).toEqual(found);
  expect(await readCommit(root, env, commit.slice(0, 12))).toEqual(found);
  expect(await readCommit(root, env, "0123456789")).toBeUndefined();
});

test("without git, or outside of a repository, nobody knows", async () => {
  const outside = temporary();
  for (const PATH of [env.PATH, "/nowhere"]) {
    const options = { ...env, PATH, GIT_CEILING_DIRECTORIES: "/" };
    expect(await readCommit(outside, options)).toBeUndefined();
    expect(await countChanges(outside, options)).toBe(0);
  }
});
