import { randomBytes } from "node:crypto";
import { cleanLine, count, DeployError } from "@deploy/core";
import { type Counted, countRows, driverOf, dropDatabase } from "@deploy/remote";
import { ask, whileDumping } from "../host/ask.ts";
import { besideName, nameOf } from "../host/names.ts";
import { isCode } from "../host/place.ts";
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

/** How it came back: a restore must do the same. */
export interface Proved {
  /** Owners and grants of the dump could not be made, and were left out. */
  readonly plainOwners: boolean;
}

/**
 * Restores what the store holds into a scratch database beside the source, compares it with looks at the source from before and after the
 * dump, and drops it whatever came of it. Throws `backup-unproved`.
 */
export async function proveByRestore(
  request: BackupRequest,
  uploaded: Uploaded,
  looks: { readonly before: Counted; readonly after: Counted },
): Promise<Proved> {
  const { source } = request;
  const name = besideName(source, "deploy_verify", randomBytes(2).toString("hex"));
  try {
    const proved = await restoreScratch(request, uploaded, name);
    const restored = await ask(request, countRows(source, name), whileDumping);
    const lacks = compareCounts({ ...looks, restored });
    if (lacks.length > 0) throw unproved(`The restored copy differs: ${lacks.join("; ")}`);
    request.onNote?.(`Restored into ${name}: ${count(restored.tables.length, "table")}, all rows there.`);
    return proved;
  } catch (error) {
    throw asUnproved(error);
  } finally {
    await dropScratch(request, name);
  }
}

/** As `deploy restore` does it; where that is refused, without owners, if that is what it needs. */
async function restoreScratch(request: BackupRequest, uploaded: Uploaded, name: string): Promise<Proved> {
  const { source, recipients, signal, onNote, onProgress } = request;
  const { key, compression, plain, stored } = uploaded;
  const backup = { stored: { key, ...stored }, recipients, compression, plain };
  const restore = (owners: boolean) => {
    const progress = new ProgressTeller("restore", stored.size, onProgress);
    return restoreInto({ ...request, backup, name, owners, progress });
  };
  try {
    await restore(true);
    return { plainOwners: false };
  } catch (error) {
    const owned = driverOf(source.kind).url !== undefined;
    if (!owned || signal?.aborted === true || !isCode(error, "restore-failed")) throw error;
    await restore(false);
    const why = cleanLine((error as Error).message);
    onNote?.(`It comes back only without owners and grants (\`--plain-owners\`); with them: ${why}`);
    return { plainOwners: true };
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
