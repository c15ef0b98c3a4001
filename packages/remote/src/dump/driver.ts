import type { DatabaseKind, Source } from "./types.ts";

export type SourceOf<K extends DatabaseKind> = Extract<Source, { readonly kind: K }>;

/** How a kind of source is handed to its script; scripts/dump/dump.sh says what the script defines. All but `script` throw `argument-refused`. */
export interface Driver<K extends DatabaseKind> {
  readonly script: string;
  /** The driver's own arguments, checked. */
  args(source: SourceOf<K>): readonly string[];
  /** What it calls a database, a name or a path, checked: for `into`, `from` and the like. */
  name(text: string): string;
  /** Absent: everything is offered. */
  readonly lacks?: readonly Verb[];
}

/** What a script of a driver can be asked for. */
export type Verb = "inspect" | "dump" | "restore" | "swap" | "count" | "drop";
