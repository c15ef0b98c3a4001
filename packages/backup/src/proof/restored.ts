import { randomBytes } from "node:crypto";
import { count, DeployError } from "@deploy/core";
import { type Counted, countRows, driverOf, dropDatabase } from "@deploy/remote";
import { ask, whileDumping } from "../host/ask.ts";
import { besideName, nameOf } from "../host/names.ts";
import type { Uploaded } from "../make/upload.ts";
import { ProgressTeller } from "../progress.ts";
import { restoreInto } from "../restore/into.ts";
import type { BackupRequest } from "../types.ts";
import { compareCounts } from "./compare.ts";

/** Rows and schema of the source itself. */
export function countSource(request: BackupRequest): Promise<Counted> {
  const { source } = request;
  const place = driverOf(source.kind).placeOf?.(source) ?? nameOf(source);
  return ask(request, countRows(source, place), whileDumping);
}

/**
 * Restores what the store holds into a scratch database beside the source, compares it with looks at the source from before and after the
 * dump, and drops it whatever came of it. Throws `backup-unproved`.
 */
export async function proveByRestore(
  request: BackupRequest,
  uploaded: Uploaded,
  looks: { readonly before: Counted; readonly after: Counted },
): Promise<void> {
  const { source, recipients, onProgress } = request;
  const name = besideName(source, "deploy_verify", randomBytes(2).toString("hex"));
  const { key, compression, plain, stored } = uploaded;
  const backup = { stored: { key, ...stored }, recipients, compression, plain };
  const progress = new ProgressTeller("restore", stored.size, onProgress);
  try {
    await restoreInto({ ...request, backup, name, owners: false, progress });
    const restored = await ask(request, countRows(source, name), whileDumping);
    const lacks = compareCounts({ ...looks, restored });
    if (lacks.length > 0) throw unproved(`The restored copy differs: ${lacks.join("; ")}`);
    request.onNote?.(`Restored into ${name}: ${count(restored.tables.length, "table")}, all rows there.`);
  } catch (error) {
    throw asUnproved(error);
  } finally {
    await dropScratch(request, name);
  }
}

/** Also after an abort: the scratch database must not stay. */
async function dropScratch({ transport, source, onNote }: BackupRequest, name: string): Promise<void> {
  try {
    await ask({ transport, source }, dropDatabase(source, name), whileDumping);
  } catch (error) {
    const why = error instanceof DeployError ? error.problem.message : String(error);
    onNote?.(`The scratch database ${name} could not be dropped and may still be there: ${why}.`);
  }
}

function unproved(why: string, cause?: unknown): DeployError {
  return new DeployError("backup-unproved", why, { cause });
}

/** Whatever a restore died of, it is the backup that did not stand its proof. */
function asUnproved(error: unknown): unknown {
  if (!(error instanceof DeployError) || error.problem.code === "backup-unproved") return error;
  const { code: _, message, ...rest } = error.problem;
  const text = `The backup could not be restored for proof: ${message}`;
  return new DeployError("backup-unproved", text, { ...rest, cause: error });
}
