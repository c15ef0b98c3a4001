import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { readCommit } from "../src/index.ts";
import { makeTree, temporary } from "./tree.ts";

const env = { PATH: process.env.PATH ?? "", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
const fallback = { commit: "abc", time: undefined };

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
  expect(await readCommit(root, env, "abc")).toEqual(fallback);
  git("add", ".");
  git("commit", "-qm", "one");
  const commit = git("rev-parse", "HEAD").trim();
  expect(await readCommit(root, env, "abc")).toEqual({ commit, time: Date.parse(date) / 1000 });
});

test("without git it is the caller's", async () => {
  expect(await readCommit(temporary(), { ...env, GIT_CEILING_DIRECTORIES: "/" }, "abc")).toEqual(fallback);
});
