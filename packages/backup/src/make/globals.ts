import { driverOf, type SourceFacts } from "@deploy/remote";
import { orCancelled } from "../host/place.ts";
import { readBack } from "../proof/readBack.ts";
import type { BackupManifest, BackupRequest } from "../types.ts";
import { discard } from "./discard.ts";
import { upload } from "./upload.ts";

/**
 * Stores and proves what the database's server holds beside it, where that is asked for, and then does the rest of the backup. Should that
 * fail, this goes too. It comes first, being small: who may not read it hears so before hours of dumping.
 */
export async function withGlobals<T>(
  request: BackupRequest,
  facts: SourceFacts,
  id: string,
  work: (globals: BackupManifest["globals"]) => Promise<T>,
): Promise<T> {
  const { source, store, signal } = request;
  if (driverOf(source.kind).wantsGlobals?.(source) !== true) return work(undefined);
  // What is expected of the database, in bytes, says nothing about these few.
  const small: BackupRequest = { ...request, minimum: 1, onProgress: () => {} };
  const uploaded = await upload(small, { ...facts, estimate: 0 }, id, "globals");
  const { key, writer, plain, stored } = uploaded;
  try {
    await readBack(small, uploaded);
    return await work({ plain, stored: { key, ...stored } });
  } catch (error) {
    throw await discard(store, key, writer, orCancelled("backup", signal, error));
  }
}
