import { createHash } from "node:crypto";
import type { Plan } from "./types.ts";

/** SHA-256 (hex) over the plan's canonical JSON, without `digest`, `warnings`, `passing` and `reuses`: equal digests do the same things. */
export function planDigest(plan: Omit<Plan, "digest">): string {
  const { warnings: _warnings, passing: _passing, reuses: _reuses, digest: _digest, ...rest } = plan as Plan;
  return textDigest(canonicalJson(rest));
}

/** SHA-256 of a text in UTF-8, hex. */
export function textDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON with sorted keys and no spaces; undefined members are left out, as JSON.stringify does. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}
