import { count } from "@deploy/core";
import type { BackupManifest, Proof } from "../types.ts";

const proofWords: Readonly<Record<Proof, string>> = {
  parsed: "read whole by its own tool",
  "read-back": "read back from the store",
  decrypted: "decrypted",
  restored: "restored and compared",
};

export function proofsOf({ proofs }: BackupManifest): string {
  return proofs.length === 0 ? "by nothing" : proofs.map((proof) => proofWords[proof]).join(", ");
}

export function packedAs({ compression, recipients }: BackupManifest): string {
  const packed = compression === "none" ? "not compressed" : compression;
  return `${packed}, ${recipients.length === 0 ? "not encrypted" : `encrypted to ${count(recipients.length, "recipient")}`}`;
}

/** `2026-11-21 08:44` of an ISO time. */
export function minute(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}
