import type { BackupManifest } from "@deploy/backup";
import type { Problem } from "@deploy/core";
import { driverOf } from "@deploy/remote";
import { until } from "../until.ts";
import { leftovers, type Stage } from "./stage.ts";
import type { DriverSubject } from "./subject.ts";

/** What the tests of one driver stand on. */
export interface Ground {
  readonly stage: Stage;
  readonly subject: DriverSubject;
  /** A proved backup of the subject, and what was in it then; each test leaves the subject so. */
  readonly made: BackupManifest;
  readonly before: string;
}

/** What the source is called; undefined where nobody knows, so that nothing can be restored for proof or in its place. */
export function calledBy({ source }: DriverSubject): string | undefined {
  return driverOf(source.kind).nameOf?.(source);
}

/** All that may be left of a run: in the store, beside the database, on the host. */
export async function everything({ stage, subject }: Ground): Promise<unknown> {
  let names: readonly string[] = [];
  // A host that hears of a cut tidies up by itself: its temporary folder, and beside a database that is a file.
  await until("a tidy host", async () => {
    names = await subject.names();
    return leftovers(stage.tmp).length === 0 && !names.some((name) => name.startsWith(".deploy-dump."));
  });
  return [await stage.keys(), await stage.store.listUnfinished(""), names];
}

/** What this fails with, as one problem. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => new Error("nothing thrown"),
    (reason) => reason,
  );
  const { problem } = error as { readonly problem?: Problem };
  if (problem === undefined) throw error;
  return problem;
}
