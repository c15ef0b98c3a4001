import { cleanLine, count } from "@deploy/core";
import type { BackupManifest, Proof } from "../types.ts";

const proofWords: Readonly<Record<Proof, string>> = {
  parsed: "read whole by its own tool",
  "read-back": "read back from the store",
  decrypted: "decrypted",
  restored: "restored and compared",
};

/** That its key exists is proved by opening it, and by nothing else: where nobody did, that is said. */
export function proofsOf({ proofs, plainOwners, recipients }: BackupManifest): string {
  if (proofs.length === 0) return "by nothing";
  const shut = recipients.length > 0 && !proofs.includes("decrypted");
  const words = proofs.map((proof) => proofWords[proof]);
  const owned = plainOwners === true ? ["without owners and grants"] : [];
  return [...words, ...owned, ...(shut ? ["not decrypted, since no age key was given"] : [])].join(", ");
}

export function packedAs({ compression, recipients }: BackupManifest): string {
  const packed = compression === "none" ? "not compressed" : compression;
  return `${packed}, ${recipients.length === 0 ? "not encrypted" : `encrypted to ${count(recipients.length, "recipient")}`}`;
}

/** As the manifest says, `octocat in https://…/runs/7, on web1`; believed only as far as it is signed. */
export function makerOf({ by = "somebody", run, host }: BackupManifest): string {
  return cleanLine(`${by}${run === "" ? "" : ` in ${run}`}${host === undefined ? "" : `, on ${host}`}`);
}

/** `2026-11-21 08:44` of an ISO time. */
export function minute(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}
