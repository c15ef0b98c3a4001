import type { ReachedHost } from "../../facts.ts";
import type { Examination, Expected, HostReading } from "../reading.ts";
import type { Remark } from "../remark.ts";

/** A host that answered, and what is expected of it. */
export interface Looked {
  readonly host: string;
  readonly facts: ReachedHost;
  readonly examined: Examination;
  readonly reading: HostReading;
  readonly expected: Expected;
}

/** One noun's lines about a host. Pure. */
export type Row = (looked: Looked) => readonly Remark[];
