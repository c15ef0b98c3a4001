import { createHash, type KeyObject } from "node:crypto";
import { DeployError } from "@deploy/core";
import type { Store } from "@deploy/store";
import { manifestKey } from "../id.ts";
import { parseBackupManifest } from "../manifest/parse.ts";
import { readBackup } from "../manifest/read.ts";
import { renderBackupManifest } from "../manifest/render.ts";
import { signManifest } from "../sign/manifest.ts";
import type { BackupManifest } from "../types.ts";
import { discard, writerName } from "./discard.ts";

/**
 * Makes it a backup: puts the manifest, signed where there is a key, which must not be there yet. A put whose answer was lost is looked at, not guessed about.
 * Throws `backup-conflict`, or what the store refused.
 */
export async function commit(
  store: Store,
  manifest: BackupManifest,
  { writer, signingKey }: { readonly writer: string; readonly signingKey: KeyObject | undefined },
): Promise<BackupManifest> {
  const read = parseBackupManifest(renderBackupManifest(manifest), manifest.id);
  const whole = signingKey === undefined ? read : signManifest(read, signingKey);
  const text = renderBackupManifest(whole);
  const key = manifestKey(manifest.id);
  try {
    await putManifest(store, key, Buffer.from(text), writer);
  } catch (error) {
    if (await isThere(store, whole)) return whole;
    throw await discard(store, key, writer, error);
  }
  return whole;
}

async function putManifest(store: Store, key: string, body: Uint8Array, writer: string): Promise<void> {
  const put = await store.put(key, body, {
    overwrite: false,
    contentType: "application/json",
    metadata: { [writerName]: writer },
    sha256: createHash("sha256").update(body).digest("hex"),
  });
  if (put.kind === "present") {
    throw new DeployError("backup-conflict", `${store.location} holds ${key} already, and it is not ours`);
  }
}

async function isThere(store: Store, manifest: BackupManifest): Promise<boolean> {
  try {
    return renderBackupManifest(await readBackup(store, manifest.id)) === renderBackupManifest(manifest);
  } catch {
    return false;
  }
}
