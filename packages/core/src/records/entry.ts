import { createHash } from "node:crypto";
import {
  type Approval,
  type AuditEntry,
  type AuditHead,
  entrySchema,
  headSchema,
  type Mark,
  type ReadRecord,
  type RunRecord,
  recordSchema,
} from "./types.ts";

/** Before anything was written. */
export const nothing: Mark = { sequence: 0, sha256: null };

/** SHA-256 of an object's bytes, hex. */
export const digestOf = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

/** As it lies in the store. */
export const textOf = (value: object): string => `${JSON.stringify(value)}\n`;

/** What the next entry says, but for its place in the chain. */
export function linkOf(
  record: RunRecord,
  known: {
    readonly key: string;
    readonly sha256: string;
    readonly approvals?: readonly Approval[] | undefined;
    readonly artifact?: string | undefined;
  },
): Omit<AuditEntry, "sequence" | "previous"> {
  const { report, attempt: _, committed: __, phases: ___, ...run } = record;
  const { key, sha256, approvals, artifact } = known;
  return {
    ...run,
    ...(approvals === undefined ? {} : { approvals: [...approvals] }),
    kind: report.kind,
    result: report.result,
    release: report.release,
    plan: report.planDigest,
    ...(artifact === undefined ? {} : { artifact }),
    report: { key, sha256 },
  };
}

export function entryAfter(last: Mark, link: Omit<AuditEntry, "sequence" | "previous">): AuditEntry {
  return { sequence: last.sequence + 1, previous: last.sha256, ...link } as AuditEntry;
}

export function headOfChain(last: Mark, anchor: Mark): AuditHead {
  return { schema: 1, last, anchor, self: digestOf(JSON.stringify([last, anchor])) };
}

/** Undefined: it is no head, or damaged. */
export function readHead(text: string): AuditHead | undefined {
  const head = read(headSchema, text);
  if (head === undefined) return undefined;
  const { self } = headOfChain(pickMark(head.last), pickMark(head.anchor));
  return head.self === self ? head : undefined;
}

const pickMark = ({ sequence, sha256 }: Mark): Mark => ({ sequence, sha256 });

/** Undefined: it is none. */
export const readEntry = (text: string): AuditEntry | undefined => read(entrySchema, text);
export const readRecord = (text: string): ReadRecord | undefined => read(recordSchema, text);

interface Schema<T> {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: T | undefined };
}

function read<T>(schema: Schema<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
