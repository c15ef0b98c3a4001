import { type Commit, countChanges, readCommit as readFromGit } from "@deploy/artifact";
import { DeployError } from "@deploy/core";
import type { Io } from "./io.ts";

/** What is being deployed, as far as git knows: a full hash, or what `--commit` said; the time is that of all that is packed. */
export interface Named extends Commit {
  readonly time: number;
  readonly warnings: readonly string[];
}

const hash = /^[0-9a-f]{7,64}$/;

/** The commit of the working folder; `given` wins, and is needed where there is no git. */
export async function readCommit(io: Io, given: string | undefined, now: Date): Promise<Named> {
  if (given !== undefined && !hash.test(given)) {
    throw new DeployError(
      "commit-unknown",
      `--commit must be 7 to 64 hexadecimal digits, got ${JSON.stringify(given)}`,
    );
  }
  const head = await readFromGit(io.cwd, io.env);
  const commit = given ?? head?.commit;
  if (commit === undefined) {
    throw new DeployError("commit-unknown", `${io.cwd} has no commit that git could name`);
  }
  const found = head?.commit.startsWith(commit) ? head : await readFromGit(io.cwd, io.env, commit);
  return { commit, time: timeOf(found?.time, io, now), warnings: await warningsOf(io, commit, head?.commit) };
}

/** Without git it is the time of the run. */
function timeOf(time: number | undefined, io: Io, now: Date): number {
  const seconds = Number(time ?? io.env.SOURCE_DATE_EPOCH ?? Number.NaN);
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
  const count = await countChanges(io.cwd, io.env);
  if (count > 0) {
    warnings.push(
      `${count} uncommitted ${count === 1 ? "change is" : "changes are"} in this folder and will be deployed as ${commit.slice(0, 7)}.`,
    );
  }
  return warnings;
}
