import { execFile } from "node:child_process";

export interface Commit {
  /** Full hash; "" where neither git nor the caller knows. */
  readonly commit: string;
  /** Seconds since 1970: the commit's own time; undefined where git cannot say. */
  readonly time: number | undefined;
}

/** What is checked out in `cwd`, as git says it; where git does not know, `fallback` is the commit. */
export async function readCommit(
  cwd: string,
  env: Readonly<Record<string, string>>,
  fallback: string,
): Promise<Commit> {
  const args = ["--no-optional-locks", "-C", cwd, "show", "--no-patch", "--format=%H %ct", "HEAD^{commit}"];
  const text = await new Promise<string>((resolve) => {
    execFile("git", args, { env: { ...env } }, (error, stdout) => resolve(error === null ? stdout : ""));
  });
  const [, commit, time] = /^([0-9a-f]{40,64}) ([0-9]{1,12})\n/.exec(text) ?? [];
  return commit === undefined ? { commit: fallback, time: undefined } : { commit, time: Number(time) };
}
