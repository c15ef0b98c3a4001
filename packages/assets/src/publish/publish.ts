import { join } from "node:path";
import { DeployError, type Problem, problemOf } from "@deploy/core";
import type { AssetFile, PublishResult } from "../types.ts";
import { type Examined, examinePublish } from "./examine.ts";
import { putOptions } from "./headers.ts";
import { publishedFiles } from "./keys.ts";
import type { PublishOptions } from "./options.ts";
import { clearPending, type PendingPurge, pendingPurge, putPending } from "./pending.ts";
import { refuseCollisions } from "./plan.ts";
import { pooled } from "./pool.ts";
import { purgePaths } from "./purgePaths.ts";
import { beginRecord, finishRecord, type ReleaseRecord } from "./record.ts";
import { putRecord } from "./records.ts";
import { compareDetails } from "./same.ts";
import { settle } from "./tenant.ts";

/** Bytes on their way at once, whatever the number of files. */
const inFlight = 64 * 1024 * 1024;

interface Sent {
  uploaded: number;
  bytesUploaded: number;
  present: number;
}

/**
 * Sends what the store lacks: fingerprinted files first, then entry documents, then the release's record, then the
 * purge. Killed at any point, what was live stays whole and the next run sends only the rest. A purge that fails
 * is an answer (`purge: "failed"`), not an error: what was uploaded is live.
 * Throws `publish-taken` and `asset-collision` before anything is sent, `asset-name`, `release-name`, `assets-record` and what the store throws.
 */
export async function publishAssets(options: PublishOptions): Promise<PublishResult> {
  const seen = await examinePublish(options);
  const { plan } = seen;
  refuseCollisions(plan.collisions, options.store.location);
  const sent: Sent = { uploaded: 0, bytesUploaded: 0, present: plan.present.length };
  await settle(options, seen.tenant);
  const begun = await begin(options, seen);
  await send(options, plan.immutable, sent, plan);
  const pending = await owePurge(options, seen);
  // Pages at the very end, and each batch whole before the next: a page never names what is not there.
  await send(
    options,
    plan.entries.filter(({ kind }) => kind !== "html"),
    sent,
    plan,
  );
  await send(
    options,
    plan.entries.filter(({ kind }) => kind === "html"),
    sent,
    plan,
  );
  await putRecord(
    options.store,
    finishRecord(options.release, options.now, publishedFiles(options.index), begun),
  );
  const purged = await purge(options, pending);
  return { ...sent, ...purged, ...(seen.before && { before: seen.before }) };
}

/** What `publishAssets` would answer, changing nothing. Throws as it does. */
export async function rehearsePublish(options: PublishOptions): Promise<PublishResult> {
  const { plan, pending, before } = await examinePublish(options);
  refuseCollisions(plan.collisions, options.store.location);
  const owes = options.cdn !== undefined && (pending !== undefined || plan.entries.length > 0);
  return {
    uploaded: plan.immutable.length + plan.entries.length,
    bytesUploaded: plan.bytes,
    present: plan.present.length,
    purge: owes ? "purged" : "not-needed",
    ...(before && { before }),
  };
}

/** Before the first upload: a pruning run beside us, and the one after a kill, know whose these files are. */
async function begin(options: PublishOptions, { own }: Examined): Promise<ReleaseRecord> {
  const record = beginRecord(options.release, options.now, publishedFiles(options.index), own);
  if (own !== undefined && own.also.length === record.also.length) return own;
  await putRecord(options.store, record);
  return record;
}

async function send(
  options: PublishOptions,
  files: readonly AssetFile[],
  sent: Sent,
  { immutable, entries, present }: Examined["plan"],
): Promise<void> {
  const total = immutable.length + entries.length;
  const limits = {
    tasks: options.concurrency ?? 32,
    bytes: inFlight,
    sizeOf: ({ size }: AssetFile) => size,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  await pooled(files, limits, async (file, signal) => {
    if (await sendOne(options, file, signal)) {
      sent.uploaded += 1;
      sent.bytesUploaded += file.size;
    } else sent.present += 1;
    options.onProgress?.(sent.uploaded + sent.present - present.length, total, file.path);
  });
}

/** False: somebody else put the same bytes there meanwhile. */
async function sendOne(
  { store, output }: PublishOptions,
  file: AssetFile,
  signal: AbortSignal,
): Promise<boolean> {
  const body = { file: join(output, file.path), size: file.size };
  const put = await store.put(file.path, body, putOptions(file, signal));
  if (put.kind === "written") return true;
  if ((await compareDetails(store, file, put.object)) !== "same") refuseCollisions([file], store.location);
  return false;
}

/** What is to be purged, told in the store before the first entry document changes. */
async function owePurge(
  { store, cdn, release, now, baseUrl }: PublishOptions,
  { plan, pending }: Examined,
): Promise<PendingPurge | undefined> {
  if (cdn === undefined || plan.entries.length === 0) return pending;
  const paths = [...new Set([...(pending?.paths ?? []), ...purgePaths(plan.entries, baseUrl)])];
  const owed = pendingPurge(release, now, paths);
  await putPending(store, owed);
  return owed;
}

async function purge(
  { store, cdn, signal }: PublishOptions,
  pending: PendingPurge | undefined,
): Promise<Pick<PublishResult, "purge" | "purgeProblem">> {
  if (cdn === undefined || pending === undefined) return { purge: "not-needed" };
  try {
    await cdn.purge(pending.paths, signal, pending.id);
  } catch (error) {
    signal?.throwIfAborted();
    return { purge: "failed", purgeProblem: purgeProblem(error, cdn.name) };
  }
  await clearPending(store, pending);
  return { purge: "purged" };
}

function purgeProblem(error: unknown, name: string): Problem {
  if (error instanceof DeployError) return error.problem;
  return new DeployError("purge-failed", `${name}: ${problemOf(error).message}`).problem;
}
