import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { countChanges, listFolder, readCommit, readCommits } from "../src/index.ts";
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

test("what lies between two commits; a checkout without its history counts nothing", async () => {
  const root = makeTree({ f: "x", ".github/workflows/rollback.yml": "x" });
  const who = ["-c", "user.name=Ada", "-c", "user.email=e@example.com"];
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, ...who, ...args], { env, encoding: "utf8" });
  const commit = (subject: string): string => {
    git("commit", "-qm", subject, "--allow-empty");
    return git("rev-parse", "HEAD").trim();
  };
  git("init", "-q");
  git("add", ".");
  const [from, , to] = ["Begin", "Questions have votes", "Votes\n\nMore."].map(commit) as [
    string,
    string,
    string,
  ];
  const last = { subject: "Votes", author: "Ada" };
  const first = { subject: "Questions have votes", author: "Ada" };
  expect(await readCommits(root, env, { from, to })).toEqual({ last, first, ahead: 2, behind: 0 });
  expect(await readCommits(root, env, { from: to, to: from })).toMatchObject({ ahead: 0, behind: 2 });
  expect(await readCommits(root, env, { from: "", to })).toEqual({ last });
  expect(await readCommits(root, env, { from: "--output=x", to: "HEAD" })).toEqual({});
  const shallow = temporary();
  execFileSync("git", ["clone", "-q", "--depth=1", `file://${root}`, shallow], { env });
  expect(await readCommits(shallow, env, { from, to })).toEqual({ last });
  expect(await listFolder(shallow, env, ".github/workflows/")).toEqual([".github/workflows/rollback.yml"]);
  expect(await listFolder(temporary(), { ...env, GIT_CEILING_DIRECTORIES: "/" }, "x/")).toEqual([]);
});
