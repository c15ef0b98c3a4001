import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plan, Result } from "@deploy/core";
import type { GithubContext } from "./github.ts";

/** What one step of a job leaves for the next, so that no ids need wiring. Gone with the job. */
export interface HandOver {
  readonly schema: 1;
  /** Which run and attempt wrote it: leftovers of another are not believed. */
  readonly run: string;
  readonly release: string;
  readonly planDigest: string;
  /** Absent where only packing was done. */
  readonly plan?: Plan;
  readonly artifactDirectory?: string;
  /** Of the config file, where an earlier job read it from git; absent: the workspace has it. */
  readonly configText?: string | undefined;
  /** LockOwner.id. */
  readonly owner: string;
  /** True: this job holds the fleet lock, and `post` gives it back. */
  readonly lockHeld: boolean;
  readonly dryRun: boolean;
  readonly result?: Result;
}

interface Where {
  readonly temporary: string;
  readonly github: GithubContext;
}

/** undefined where no earlier step of this job and attempt wrote one. */
export async function readHandOver(where: Where, environment: string): Promise<HandOver | undefined> {
  try {
    const record = JSON.parse(await readFile(fileOf(where, environment), "utf8")) as HandOver;
    return record.schema === 1 && record.run === runOf(where) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Lays `change` over what is there. */
export async function saveHandOver(
  where: Where,
  environment: string,
  change: Partial<Omit<HandOver, "schema" | "run">>,
): Promise<void> {
  const empty = { release: "", planDigest: "", owner: "", lockHeld: false, dryRun: false };
  const before = await readHandOver(where, environment);
  const record: HandOver = { ...empty, ...before, ...change, schema: 1, run: runOf(where) };
  const file = fileOf(where, environment);
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function runOf({ github }: Where): string {
  return `${github.repository}/${github.runId}/${github.attempt}`;
}

function fileOf({ temporary }: Where, environment: string): string {
  const plain = /^[A-Za-z0-9._-]{1,60}$/.test(environment);
  const name = plain ? environment : createHash("sha256").update(environment).digest("hex").slice(0, 16);
  return join(temporary, `deploy-job-${name}.json`);
}
