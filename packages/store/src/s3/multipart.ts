import { createHash } from "node:crypto";
import type { CompletedPart } from "@aws-sdk/client-s3";
import { DeployError } from "@deploy/core";
import { checkSha256, crc32Of } from "../digest.ts";
import type { Put, PutOptions } from "../types.ts";
import { findObject } from "./details.ts";
import type { Part } from "./parts.ts";
import {
  condition,
  gone,
  headersOf,
  lackConditions,
  lookFirst,
  putId,
  putWhole,
  restless,
  type Target,
} from "./put.ts";
import { Refused, type S3Session } from "./session.ts";

export interface PartsOptions extends PutOptions {
  readonly onBytes?: (sent: number) => void;
}

/** An upload in parts that was begun. */
interface Upload {
  readonly session: S3Session;
  readonly target: Target;
  readonly options: PartsOptions;
  readonly id: string;
  /** The mark in the object's metadata. */
  readonly put: string;
  readonly place: string;
}

/**
 * Puts an object part by part; what turns out to be one part goes in one piece. Closes `parts` in any case; aborts the upload on
 * every failure.
 */
export async function putParts(
  session: S3Session,
  target: Target,
  parts: AsyncGenerator<Part, void>,
  options: PartsOptions,
): Promise<Put> {
  const first = (await parts.next()).value;
  if (first === undefined) throw new Error("a body has one part at least");
  try {
    if (first.last) return await putOnly(session, target, first.bytes, options);
    // The condition is checked at the very end; who looks first need not send a gigabyte to learn it.
    const there = await lookFirst(session, target, options);
    if (there !== undefined) return there;
    return await carry(await begin(session, target, options), first, parts);
  } finally {
    first.free();
    // Not waited for: a stream that hangs would keep us as long.
    parts.return().catch(() => {});
  }
}

async function putOnly(
  session: S3Session,
  target: Target,
  bytes: Uint8Array,
  options: PartsOptions,
): Promise<Put> {
  const put = await putWhole(session, target, bytes, options);
  options.onBytes?.(bytes.length);
  return put;
}

async function begin(session: S3Session, target: Target, options: PartsOptions): Promise<Upload> {
  const put = putId();
  const place = `s3://${session.options.bucket}/${target.key}`;
  const algorithm =
    session.options.checksums === "when-required" ? {} : { ChecksumAlgorithm: "CRC32" as const };
  const asked = { action: "s3:PutObject", key: target.key, signal: options.signal };
  const { UploadId: id } = await session.send(asked, ({ s3, sdk }, how) =>
    s3.send(
      new sdk.CreateMultipartUploadCommand({ ...headersOf(session, target, options, put), ...algorithm }),
      how,
    ),
  );
  if (id !== undefined) return { session, target, options, id, put, place };
  throw new DeployError("store-failed", `The store began the upload of ${place} and gave it no id`);
}

/** All after the begin: whatever fails here, the upload is aborted. */
async function carry(upload: Upload, first: Part, parts: AsyncGenerator<Part, void>): Promise<Put> {
  const { options, place } = upload;
  try {
    const { done, size, sha256 } = await sendAll(upload, first, parts);
    checkSha256(place, sha256, options.sha256);
    return (await complete(upload, done)) ?? { kind: "written", size, sha256 };
  } catch (error) {
    await abort(upload, error);
    throw error;
  }
}

interface Sent {
  readonly done: readonly CompletedPart[];
  readonly size: number;
  readonly sha256: string;
}

/** A few parts at a time. The first failure stops all others, and is thrown once none is under way: an abort would not reach it. */
async function sendAll(upload: Upload, first: Part, parts: AsyncGenerator<Part, void>): Promise<Sent> {
  const { session, options } = upload;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const running = new Set<Promise<void>>();
  const done: CompletedPart[] = [];
  const sum = createHash("sha256");
  let [size, stored] = [0, 0];

  const start = ({ bytes, free }: Part, number: number) => {
    const work = sendPart(upload, bytes, number, signal)
      .then((sent) => {
        done[number - 1] = sent;
        stored += bytes.length;
        options.onBytes?.(stored);
      })
      .catch((error: unknown) => stop.abort(error))
      .finally(() => {
        free();
        running.delete(work);
      });
    running.add(work);
  };
  try {
    for (
      let [part, number]: [Part | undefined, number] = [first, 1];
      part && !stop.signal.aborted;
      number++
    ) {
      sum.update(part.bytes);
      size += part.bytes.length;
      start(part, number);
      if (running.size >= session.tuning.parallel) await Promise.race(running);
      part = (await unlessAborted(parts.next(), signal)).value ?? undefined;
    }
  } catch (error) {
    stop.abort(error);
  }
  await Promise.all(running);
  if (stop.signal.aborted) throw stop.signal.reason;
  return { done, size, sha256: sum.digest("hex") };
}

/** However long the next part is in coming, nobody waits for it once the upload is stopped. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // No race with one lasting promise: that would keep every part it ever raced with.
  return new Promise((done, fail) => {
    const stop = () => fail(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener("abort", stop));
  });
}

async function sendPart(
  upload: Upload,
  bytes: Uint8Array,
  number: number,
  signal: AbortSignal,
): Promise<CompletedPart> {
  const { session, target, id } = upload;
  const sum = session.options.checksums === "when-required" ? {} : { ChecksumCRC32: crc32Of(bytes) };
  const input = {
    Bucket: session.options.bucket,
    Key: target.key,
    UploadId: id,
    PartNumber: number,
    Body: bytes,
  };
  const asked = { action: "s3:PutObject", key: target.key, bytes: bytes.length, signal };
  const { ETag } = await session.send(asked, ({ s3, sdk }, how) =>
    s3.send(new sdk.UploadPartCommand({ ...input, ...sum }), how),
  );
  return { PartNumber: number, ...(ETag === undefined ? {} : { ETag }), ...sum };
}

const answers = ["PreconditionFailed", "412", "NoSuchUpload", "NoSuchKey", "NotImplemented"] as const;

/** Undefined: it is written. */
async function complete(upload: Upload, done: readonly CompletedPart[]): Promise<Put | undefined> {
  const { session, target, options, id, place } = upload;
  const asked = { action: "s3:PutObject", key: target.key, signal: options.signal, accept: answers };
  const input = {
    Bucket: session.options.bucket,
    Key: target.key,
    UploadId: id,
    MultipartUpload: { Parts: [...done] },
  };
  const answer = await session.send(asked, ({ s3, sdk }, how) =>
    s3.send(new sdk.CompleteMultipartUploadCommand({ ...input, ...condition(session, options) }), how),
  );
  if (!(answer instanceof Refused)) return undefined;
  if (answer.name === "NotImplemented" && session.conditions && options.overwrite !== true) {
    lackConditions(session);
    return complete(upload, done);
  }
  const found = await findObject(session, target.key, target.name);
  // An earlier try arrived; only its answer was lost.
  if (found?.put === upload.put) return undefined;
  if (answer.name === "NoSuchUpload" || answer.name === "NotImplemented") throw vanished(upload, answer.name);
  if (found === undefined) throw options.overwrite === false ? restless(place) : gone(place);
  await abort(upload, undefined);
  return { kind: "present", object: found.details };
}

function vanished({ id, place }: Upload, name: string): DeployError {
  const message = `The upload ${id} of ${place} could not be completed: the store answers ${name}`;
  const hint = "Run it again; look for a lifecycle rule or another run that aborts uploads.";
  return new DeployError("store-failed", message, { hint, place: { path: place } });
}

/** Without the caller's signal: what was cancelled is cleaned up all the same. Throws `upload-left`, which tells `why` too. */
async function abort({ session, target, id, place }: Upload, why: unknown): Promise<void> {
  const asked = { action: "s3:AbortMultipartUpload", key: target.key, attempts: 3, accept: ["NoSuchUpload"] };
  const input = { Bucket: session.options.bucket, Key: target.key, UploadId: id };
  try {
    await session.send(asked, ({ s3, sdk }, how) => s3.send(new sdk.AbortMultipartUploadCommand(input), how));
  } catch (error) {
    const reason = why === undefined ? "" : `${textOf(why)}. `;
    const message = `${reason}The parts of the upload ${id} of ${place} stayed behind: ${textOf(error)}`;
    throw new DeployError("upload-left", message, { place: { path: place }, cause: why ?? error });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
