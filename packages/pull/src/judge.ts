import type { P256Key } from "@deploy/sign";
import type { Pointer } from "./pointer.ts";
import { readPointer } from "./read.ts";
import { openSigned } from "./signed.ts";

/** What a machine knows before it looks. */
export interface Standing {
  readonly app: string;
  readonly environment: string;
  readonly key: P256Key;
  /** The highest serial that was obeyed here, or the floor that the machine was born with. */
  readonly seen: number;
  /** The signed text of that serial; undefined on a fresh machine. */
  readonly last?: string | undefined;
  /** Seconds since 1970, by the machine's clock. */
  readonly now: number;
}

export type Refusal =
  | "unsigned" // damaged, cut, or by another key
  | "format" // signed, but not as this version writes
  | "elsewhere" // of another app or environment
  | "replayed" // older than what was obeyed
  | "reused" // another text under a serial that was obeyed
  | "clock-behind" // issued in the future: this clock, most likely; it is asked again
  | "expired";

export type Judged =
  | { readonly kind: "obeyed"; readonly pointer: Pointer; readonly body: string }
  | { readonly kind: "refused"; readonly why: Refusal };

/** Seconds by which clocks may differ. */
const leeway = 300;

/** In this order, which pointer.sh keeps: nothing is believed before its signature. */
export function judge(text: string, standing: Standing): Judged {
  const body = openSigned(text, standing.key);
  if (body === undefined) return { kind: "refused", why: "unsigned" };
  const pointer = readPointer(body);
  if (pointer === undefined) return { kind: "refused", why: "format" };
  const why = refusalOf(pointer, body, standing);
  return why === undefined ? { kind: "obeyed", pointer, body } : { kind: "refused", why };
}

function refusalOf(pointer: Pointer, body: string, standing: Standing): Refusal | undefined {
  const { app, environment, seen, last, now } = standing;
  if (pointer.app !== app || pointer.environment !== environment) return "elsewhere";
  if (pointer.serial < seen) return "replayed";
  if (pointer.serial === seen && last !== undefined && last !== body) return "reused";
  if (pointer.issued > now + leeway) return "clock-behind";
  return pointer.expires <= now ? "expired" : undefined;
}
