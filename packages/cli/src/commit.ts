import { execFile } from "node:child_process";
import { DeployError } from "@deploy/core";
import type { Io } from "./io.ts";

/** What is being deployed, as far as git knows. */
export interface Commit {
  /** Full hash, or what `--commit` said. */
  readonly commit: string;
  /** Seconds since 1970: the mtime of every file. */
  readonly time: number;
  readonly warnings: readonly string[];
}

const hash = /^[0-9a-f]{7,64}$/;

/** The commit of the working folder; `given` wins, and is needed where there is no git. */
export async function readCommit(io: Io, given: string | undefined, now: Date): Promise<Commit> {
  if (given !== undefined && !hash.test(given)) {
    throw new DeployError(
      "commit-unknown",
      `--commit must be 7 to 64 hexadecimal digits, got ${JSON.stringify(given)}`,
    );
  }
  const head = await git(io, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  const commit = given ?? head;
  if (commit === undefined) {
    throw new DeployError("commit-unknown", `${io.cwd} has no commit that git could name`);
  }
  const time = await git(io, ["show", "--no-patch", "--format=%ct", `${commit}^{commit}`]);
  return { commit, time: timeOf(time, io, now), warnings: await warningsOf(io, commit, head) };
}

/** Changing mtimes are what browsers and proxies notice, so without git it is the time of the run. */
function timeOf(text: string | undefined, io: Io, now: Date): number {
  const seconds = Number(text ?? io.env.SOURCE_DATE_EPOCH ?? Number.NaN);
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : Math.floor(now.getTime() / 1000);
}

async function warningsOf(io: Io, commit: string, head: string | undefined): Promise<readonly string[]> {
  if (head === undefined) return [];
  const warnings: string[] = [];
  if (!head.startsWith(commit)) {
    warnings.push(
      `The files come from this folder, at ${head.slice(0, 7)}; --commit ${commit.slice(0, 7)} only names them.`,
    );
  }
  const changes = (await git(io, ["status", "--porcelain", "-z"])) ?? "";
  const count = changes.split("\0").filter((entry) => entry !== "").length;
  if (count > 0) {
    warnings.push(
      `${count} uncommitted ${count === 1 ? "change is" : "changes are"} in this folder and will be deployed as ${commit.slice(0, 7)}.`,
    );
  }
  return warnings;
}

/** Standard output without its last line break; undefined where git is missing or says no. */
function git(io: Io, args: readonly string[]): Promise<string | undefined> {
  return new Promise((done) => {
    const options = { cwd: io.cwd, env: { ...io.env }, maxBuffer: 64 * 1024 * 1024 };
    execFile("git", ["--no-optional-locks", ...args], options, (error, stdout) =>
      done(error === null ? stdout.trimEnd() : undefined),
    );
  });
}
