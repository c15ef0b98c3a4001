import type { Source } from "@deploy/remote";
import type { Stage } from "./stage.ts";

/** A database of one kind with awkward names and content in it, and what its own tools say of it. Names are what a restore's `into` takes. */
export interface DriverSubject {
  /** As a host reaches it that has a network of its own. */
  readonly source: Source;
  readonly name: string;
  /** Where a restore goes beside it. */
  readonly beside: string;
  /** All that is in it, as its own tools print it. */
  look(name: string): Promise<string>;
  /** Everything there is beside each other, to see what was left. */
  names(): Promise<readonly string[]>;
  /** As a bad release does. */
  spoil(): Promise<void>;
  drop(name: string): Promise<void>;
  /** Brings `name` back from a dump that others decrypted and unpacked: by its own tools alone. */
  byHand(dump: string): Promise<void>;
  /** Sources that are refused, by what is wrong with them: no such database, a wrong password, nobody who answers. */
  readonly refused: Readonly<Record<string, Source>>;
  /** Another database of the kind. Absent: nothing tells two of them apart. */
  readonly other?: Source;
  /** Programs that the host must have, with their substitutes. */
  readonly tools: readonly (readonly string[])[];
  /** The program that writes the dump, and the `case` pattern of its arguments then. */
  readonly dumper: Dumper;
  close?(): Promise<void>;
}

export interface Dumper {
  readonly program: string;
  readonly args: string;
  /** Does half of the work and ends well; `$real` is the program. Unless told, the first bytes of what it prints. */
  readonly half?: string;
}

export type OpenSubject = (stage: Stage) => Promise<DriverSubject>;
