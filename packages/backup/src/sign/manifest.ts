import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { DeployError, list } from "@deploy/core";
import type { BackupManifest } from "../types.ts";
import { publicHalf } from "./key.ts";

/** As it was parsed, so that fields stand in our order; whatever else the manifest says is signed with it. */
export function signManifest(manifest: BackupManifest, key: KeyObject): BackupManifest {
  const value = sign(null, signedText(manifest), key).toString("base64");
  return { ...manifest, signature: { key: publicHalf(key), value } };
}

/** What stands against this manifest's being of one of these keys; undefined: nothing, or nobody is asked for. */
export function whyUnsigned(manifest: BackupManifest, signedBy: readonly string[] = []): string | undefined {
  const { signature } = manifest;
  if (signedBy.length === 0) return undefined;
  if (signature === undefined) return "it is not signed";
  if (!signedBy.includes(signature.key)) {
    return `it is signed by ${signature.key}, \`signed-by\` names ${list(signedBy)}`;
  }
  const key = createPublicKey({ key: Buffer.from(signature.key, "base64"), format: "der", type: "spki" });
  const value = Buffer.from(signature.value, "base64");
  return verify(null, signedText(manifest), key, value)
    ? undefined
    : "its signature does not fit: it was altered after it was signed";
}

/** Throws `backup-unsigned` unless it is of one of these keys and of this app and environment: one of another's is a replay. */
export function checkSigned(
  manifest: BackupManifest,
  signedBy: readonly string[] | undefined,
  owner: string,
): void {
  if (signedBy === undefined) return;
  const { id, app, environment } = manifest;
  const why =
    whyUnsigned(manifest, signedBy) ??
    (`${app}/${environment}` === owner ? undefined : `it is of ${app}/${environment}, not of ${owner}`);
  if (why !== undefined) throw new DeployError("backup-unsigned", `${id} is not brought back: ${why}`);
}

/** `jq -cj 'del(.signature)'` of the object is the same: openssl verifies it without us. */
function signedText({ signature: _, ...manifest }: BackupManifest): Buffer {
  return Buffer.from(JSON.stringify(manifest));
}
