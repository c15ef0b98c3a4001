import * as z from "zod";
import type { Report } from "../report/types.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const moment = z.iso.datetime();

/** Who said yes or no to a run, as GitHub tells it; the texts are whatever people wrote. */
const approval = z.object({
  by: z.string(),
  state: z.string(),
  environments: z.array(z.string()),
  comment: z.string(),
});

/** What is kept of one run, beside its report. */
const run = {
  schema: z.literal(1),
  app: z.string(),
  environment: z.string(),
  /** When it ended. */
  time: moment,
  /** Its owner's id, as the servers' journals have it: `org/shop/4711`. */
  run: z.string(),
  /** "" at a desk. */
  runUrl: z.string(),
  actor: z.string(),
  /** Full hash; "" where unknown. */
  commit: z.string(),
};

/** The parts of a report that a history is made of; the others are there all the same. */
const told = z.looseObject({
  result: z.string(),
  kind: z.enum(["deploy", "rollback", "reconcile"]),
  release: z.string(),
  previous: z.string().nullable(),
  changed: z.boolean(),
  planDigest: z.string(),
  headline: z.string(),
  hosts: z.array(z.looseObject({ host: z.string(), outcomes: z.array(z.looseObject({})) })),
  timings: z.looseObject({ total: z.number(), window: z.number().optional() }),
});

/** A run's record as it is read again: from a store, so data. */
export const recordSchema = z.looseObject({
  ...run,
  attempt: z.string(),
  committed: z.number().optional(),
  phases: z.array(z.string()),
  report: told,
});

export const entrySchema = z.looseObject({
  ...run,
  /** From 1 on, without a gap. */
  sequence: z.int().positive(),
  /** SHA-256 of the entry before, as its bytes lie in the store; null: it is the first. */
  previous: digest.nullable(),
  /** Absent: nobody could say. Empty: nobody was asked. */
  approvals: z.array(approval).optional(),
  kind: z.string(),
  result: z.string(),
  release: z.string(),
  /** Digest of the plan that was carried out. */
  plan: z.string(),
  /** SHA-256 of the artifact; absent where nothing was sent. */
  artifact: z.string().optional(),
  /** The run's record: its key, and SHA-256 of its bytes. */
  report: z.object({ key: z.string(), sha256: digest }),
});

const mark = z.object({ sequence: z.int().nonnegative(), sha256: digest.nullable() });

export const headSchema = z.object({
  schema: z.literal(1),
  /** The newest entry. */
  last: mark,
  /** The newest entry that retention took away: the first that is there names its digest. */
  anchor: mark,
  /** SHA-256 of `last` and `anchor`, so that a damaged head is no damaged entry. */
  self: digest,
});

export type Approval = z.output<typeof approval>;
/** An entry and its digest; sequence 0 and null: before the first. */
export type Mark = Readonly<z.output<typeof mark>>;

/** What is kept of one run. `committed`: of its commit, seconds since 1970. */
export interface RunRecord {
  readonly schema: 1;
  readonly app: string;
  readonly environment: string;
  readonly time: string;
  readonly run: string;
  readonly attempt: string;
  readonly runUrl: string;
  readonly actor: string;
  readonly commit: string;
  readonly committed?: number;
  readonly phases: readonly string[];
  readonly report: Report;
}

/** A record as it was read. */
export type ReadRecord = z.output<typeof recordSchema>;
/** A link of the chain: who ran what, who approved, which plan, which bytes; and the link before. */
export type AuditEntry = z.output<typeof entrySchema>;
export type AuditHead = z.output<typeof headSchema>;
