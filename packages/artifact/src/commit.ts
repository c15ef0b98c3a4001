import { execFile } from "node:child_process";

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
