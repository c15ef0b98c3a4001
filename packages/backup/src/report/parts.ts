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

/** `4 s`, `3 min`, `5 h`, `12 d`: of one unit, since nobody asks a table for more. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `2026-11-21 08:44` of an ISO time. */
export function minute(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}
