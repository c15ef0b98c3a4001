import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readCommit } from "../src/commit.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

const now = new Date("2026-11-21T08:44:50Z");
const isolated = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

function repository(): { folder: string; head: string } {
  const folder = newFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      env: { ...isolated, GIT_COMMITTER_DATE: "1700000000 +0000", GIT_AUTHOR_DATE: "1700000000 +0000" },
    }).toString();
  git("init", "--quiet");
  writeFileSync(join(folder, "a"), "one");
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
  return { folder, head: git("rev-parse", "HEAD").trim() };
}

test("hash and time come from git", async () => {
  const { folder, head } = repository();
  const commit = await readCommit(recordedIo({ cwd: folder, env: isolated }), undefined, now);
  expect(commit).toEqual({ commit: head, time: 1_700_000_000, warnings: [] });
});

test("uncommitted changes are warned about, untracked files too", async () => {
  const { folder, head } = repository();
  writeFileSync(join(folder, "a"), "two");
  writeFileSync(join(folder, "new\nfile"), "");
  const { warnings } = await readCommit(recordedIo({ cwd: folder, env: isolated }), undefined, now);
  expect(warnings).toEqual([
    `2 uncommitted changes are in this folder and will be deployed as ${head.slice(0, 7)}.`,
  ]);
});

test("--commit names what is deployed, and says that it only names it", async () => {
  const { folder, head } = repository();
  const io = recordedIo({ cwd: folder, env: isolated });
  expect(await readCommit(io, head.slice(0, 12), now)).toEqual({
    commit: head.slice(0, 12),
    time: 1_700_000_000,
    warnings: [],
  });
  const other = await readCommit(io, "0123456789", now);
  expect(other.warnings).toEqual([
    `The files come from this folder, at ${head.slice(0, 7)}; --commit 0123456 only names them.`,
  ]);
});

test("without git --commit is needed, and the time is SOURCE_DATE_EPOCH or now", async () => {
  const io = recordedIo({ cwd: newFolder(), env: { PATH: "/nowhere" } });
  await expect(readCommit(io, undefined, now)).rejects.toMatchObject({ problem: { code: "commit-unknown" } });
  expect(await readCommit(io, "4f2a91c", now)).toEqual({
    commit: "4f2a91c",
    time: 1_795_250_690,
    warnings: [],
  });
  const dated = recordedIo({ cwd: io.cwd, env: { PATH: "/nowhere", SOURCE_DATE_EPOCH: "1600000000" } });
  expect((await readCommit(dated, "4f2a91c", now)).time).toBe(1_600_000_000);
});

test.each(["main", "--all", "4F2A91C", "$(id)", "4f2a9", "", "4f2a91c\n"])(
  "--commit %j is refused",
  async (given) => {
    const io = recordedIo({ cwd: newFolder(), env: isolated });
    await expect(readCommit(io, given, now)).rejects.toMatchObject({ problem: { code: "commit-unknown" } });
  },
);
