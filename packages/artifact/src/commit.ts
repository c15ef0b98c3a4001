import { execFile } from "node:child_process";
import type { Commits, NamedCommit } from "@deploy/core";

export interface Commit {
  /** Full hash, or what a person called it; "" where nobody knows. */
  readonly commit: string;
  /** Seconds since 1970: the commit's own time; undefined where git cannot say. */
  readonly time: number | undefined;
}

/** What git sees, beside the folder; PATH is where it is found. */
type Env = Readonly<Record<string, string | undefined>>;

/** What is checked out in `cwd`, or the commit that `hash` begins; undefined where git is missing or knows none. */
export async function readCommit(cwd: string, env: Env, hash = "HEAD"): Promise<Commit | undefined> {
  const text = await git(cwd, env, ["show", "--no-patch", "--format=%H %ct", `${hash}^{commit}`]);
  const [, commit, time] = /^([0-9a-f]{40,64}) ([0-9]{1,12})\n/.exec(text) ?? [];
  return commit === undefined ? undefined : { commit, time: Number(time) };
}

/** Two full hashes, each "" where nobody knows it. */
export interface CommitRange {
  readonly from: string;
  readonly to: string;
}

const hash = /^[0-9a-f]{7,64}$/;

/** What lies between two commits, as far as git of `cwd` knows: a checkout without its history counts nothing. */
export async function readCommits(cwd: string, env: Env, { from, to }: CommitRange): Promise<Commits> {
  if (!hash.test(to)) return {};
  const last = await readNamed(cwd, env, [to]);
  const told = last === undefined ? {} : { last };
  const whole = (await git(cwd, env, ["rev-parse", "--is-shallow-repository"])).trim() === "false";
  if (!hash.test(from) || !whole) return told;
  const counts = await git(cwd, env, ["rev-list", "--left-right", "--count", `${from}...${to}`]);
  const [, behind, ahead] = /^(\d+)\t(\d+)\n/.exec(counts) ?? [];
  if (ahead === undefined) return told;
  const first = await readNamed(cwd, env, [`--skip=${Math.max(0, Number(ahead) - 1)}`, `${from}..${to}`]);
  const begun = first === undefined ? {} : { first };
  return { ...told, ...begun, ahead: Number(ahead), behind: Number(behind) };
}

async function readNamed(cwd: string, env: Env, which: readonly string[]): Promise<NamedCommit | undefined> {
  const text = await git(cwd, env, ["log", "--max-count=1", "--format=%s%x00%an%x00", ...which, "--"]);
  const [subject, author] = text.split("\0");
  return subject === undefined || author === undefined ? undefined : { subject, author };
}

/** Files that git keeps in a folder of `cwd`, as committed; none where git cannot say. */
export async function listFolder(cwd: string, env: Env, folder: string): Promise<readonly string[]> {
  const text = await git(cwd, env, ["ls-tree", "--name-only", "-z", "HEAD", "--", folder]);
  return text.split("\0").filter((path) => path !== "");
}

/** Uncommitted changes in `cwd`, new files among them; 0 where git cannot say. */
export async function countChanges(cwd: string, env: Env): Promise<number> {
  const text = await git(cwd, env, ["status", "--porcelain", "-z"]);
  return text.split("\0").filter((entry) => entry !== "").length;
}

/** Whether git keeps any of these files of `cwd`; then their modes are its own. */
export async function isTracked(cwd: string, env: Env, paths: readonly string[]): Promise<boolean> {
  return (
    paths.length > 0 &&
    (await git(cwd, env, ["--literal-pathspecs", "ls-files", "-z", "--", ...paths.slice(0, 50)])) !== ""
  );
}

/** Standard output; "" where git is missing or says no. */
export function git(cwd: string, env: Env, args: readonly string[]): Promise<string> {
  const options = { cwd, env: { ...env }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((done) => {
    execFile("git", ["--no-optional-locks", ...args], options, (error, stdout) =>
      done(error === null ? stdout : ""),
    );
  });
}
