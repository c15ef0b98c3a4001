import { randomBytes } from "node:crypto";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { DeployError } from "@deploy/core";
import { checkSha256, crc32Of, sha256Of } from "../digest.ts";
import type { Put, PutOptions } from "../types.ts";
import { findObject } from "./details.ts";
import { encodeMetadata, putName, sha256Name } from "./metadata.ts";
import { Refused, type S3Session } from "./session.ts";
import { isPassing } from "./verdict.ts";

/** What is put, and under which name: `key` in the bucket, `name` in the store. */
export interface Target {
  readonly key: string;
  readonly name: string;
}

/** How often a conditional write begins anew because the object that was in its way had gone when we looked. */
const rounds = 5;

/** Puts bytes in one request. */
export async function putWhole(
  session: S3Session,
  target: Target,
  bytes: Uint8Array,
  options: PutOptions,
): Promise<Put> {
  const sha256 = sha256Of(bytes);
  const place = `s3://${session.options.bucket}/${target.key}`;
  checkSha256(place, sha256, options.sha256);
  session.hashes.set(bytes, sha256);
  const id = putId();
  const sums = session.options.checksums === "when-required" ? {} : { ChecksumCRC32: crc32Of(bytes) };
  const input = { ...headersOf(session, target, { ...options, sha256 }, id), ...sums, Body: bytes };
  const written: Put = { kind: "written", size: bytes.length, sha256 };
  for (let round = 0; round < rounds; round++) {
    const there = await inTheWay(session, target, options);
    if (there !== undefined) return there;
    const sent = await send(session, target, input, options);
    if (!(sent instanceof Refused)) return written;
    if (sent.name === "NotImplemented") {
      lackConditions(session);
      continue;
    }
    const found = await findObject(session, target.key, target.name);
    // Our own earlier try arrived; only its answer was lost.
    if (found?.put === id) return written;
    if (found !== undefined) return { kind: "present", object: found.details };
    if (typeof options.overwrite === "object") throw gone(place);
  }
  throw restless(place);
}

/** The store said that something lies under the key, and had nothing when asked: `rounds` times. */
export function restless(place: string): DeployError {
  return new DeployError("store-failed", `${place} is written and removed by others while it is put`, {
    place: { path: place },
  });
}

/** The version that was to be replaced is not there any more, nor is another. */
export function gone(place: string): DeployError {
  return new DeployError("object-missing", `${place} is not there any more, to be replaced`, {
    place: { path: place },
  });
}

export const putId = (): string => randomBytes(8).toString("hex");

/** Answers to a condition: not so, no conditions here, nothing there. */
function refusals({ overwrite }: PutOptions): readonly string[] {
  if (overwrite === true) return [];
  const both = ["PreconditionFailed", "412", "NotImplemented"];
  return overwrite === false ? both : [...both, "NoSuchKey"];
}

function send(session: S3Session, { key }: Target, input: PutObjectCommandInput, options: PutOptions) {
  const { signal } = options;
  const body = input.Body as Uint8Array;
  const accept = refusals(options);
  const asked = { action: "s3:PutObject", key, bytes: body.length, signal, accept };
  let first = true;
  return session.send(asked, async ({ s3, sdk, quick }, how) => {
    const conditional = { ...input, ...condition(session, options) };
    const quickly = first;
    first = false;
    const status = quickly ? await quick.put(conditional, body, how) : undefined;
    if (status === 200) return undefined;
    if (status !== undefined && isRefusal(status))
      throw Object.assign(new Error(), { $metadata: { httpStatusCode: status } });
    return s3.send(new sdk.PutObjectCommand(conditional), how);
  });
}

/** What the status tells all about: an object in the way, or a server that wants us to wait. */
const isRefusal = (status: number): boolean => status === 412 || isPassing(status);

/** `If-None-Match: *` or `If-Match` where the write is conditional and the server can. */
export function condition(
  session: S3Session,
  { overwrite }: PutOptions,
): { IfNoneMatch?: string; IfMatch?: string } {
  if (overwrite === true || !session.conditions) return {};
  return overwrite === false ? { IfNoneMatch: "*" } : { IfMatch: `"${overwrite.etag}"` };
}

/**
 * Some S3-compatible stores answer `NotImplemented` to a condition. Refusing them would shut out their users altogether; so we look
 * first and then write. Only two writers of one key at the same moment can get past that, our names hold a content hash or a run's id,
 * and the log says so once.
 */
export function lackConditions(session: S3Session): void {
  if (session.conditions) {
    session.warn(
      `${session.options.endpoint ?? "The store"} has no conditional writes: another run that writes the same name at the same moment is not noticed`,
    );
  }
  session.conditions = false;
}

/** Where the server cannot: what lies there and may not be replaced. */
async function inTheWay(session: S3Session, target: Target, options: PutOptions): Promise<Put | undefined> {
  return session.conditions ? undefined : lookFirst(session, target, options);
}

/** What lies there and may not be replaced. Throws `object-missing` where a version was to be and nothing lies there. */
export async function lookFirst(
  session: S3Session,
  target: Target,
  { overwrite }: PutOptions,
): Promise<Put | undefined> {
  if (overwrite === true) return undefined;
  const found = (await findObject(session, target.key, target.name))?.details;
  if (found === undefined) {
    if (overwrite !== false) throw gone(`s3://${session.options.bucket}/${target.key}`);
    return undefined;
  }
  return overwrite !== false && found.etag === overwrite.etag
    ? undefined
    : { kind: "present", object: found };
}

/** What an object is put with, in one piece or in parts. */
export function headersOf(session: S3Session, { key }: Target, options: PutOptions, id: string) {
  const { contentType, cacheControl, contentEncoding, metadata = {}, sha256 } = options;
  const { sseKmsKeyId, sse = sseKmsKeyId === undefined ? undefined : "aws:kms" } = session.options;
  return {
    Bucket: session.options.bucket,
    Key: key,
    Metadata: {
      ...encodeMetadata(metadata),
      ...(sha256 === undefined ? {} : { [sha256Name]: sha256 }),
      [putName]: id,
    },
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(cacheControl === undefined ? {} : { CacheControl: cacheControl }),
    ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
    ...(sse === undefined ? {} : { ServerSideEncryption: sse }),
    ...(sseKmsKeyId === undefined ? {} : { SSEKMSKeyId: sseKmsKeyId }),
  };
}
