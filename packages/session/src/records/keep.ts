import { DeployError } from "@deploy/core";
import {
  type Approval,
  digestOf,
  type Keeping,
  linkOf,
  type Mark,
  type RunRecord,
  recordKey,
  textOf,
} from "@deploy/core/records";
import type { Store } from "@deploy/store";
import { appendEntry } from "./append.ts";
import { pruneRecords } from "./prune.ts";

export interface KeepOptions extends Keeping {
  /** Who approved the run; absent or undefined: nobody can say. */
  readonly approvals?: (() => Promise<readonly Approval[] | undefined>) | undefined;
  /** SHA-256 of the artifact that the plan names. */
  readonly artifact?: string | undefined;
}

/**
 * Keeps what came of a run: its record for good, then its entry in the chain, then what is too old goes. Throws what the store
 * refuses, and `records-damaged` where the chain is not as it was written; the record itself lies there then.
 */
export async function keepRecord(store: Store, record: RunRecord, options: KeepOptions): Promise<Mark> {
  const { app, environment, time, run } = record;
  const place = { app, environment };
  const key = recordKey(place, time, run);
  const text = textOf(record);
  const put = await store.put(key, Buffer.from(text), {
    contentType: "application/json",
    overwrite: false,
  });
  const sha256 = digestOf(text);
  if (put.kind === "present" && put.object.sha256 !== sha256) {
    throw new DeployError("records-damaged", `Another record lies at ${key} in ${store.location}`);
  }
  const approvals = await options.approvals?.();
  const mark = await appendEntry(
    store,
    place,
    linkOf(record, { key, sha256, approvals, artifact: options.artifact }),
  );
  await pruneRecords(store, place, options, new Date(time));
  return mark;
}
