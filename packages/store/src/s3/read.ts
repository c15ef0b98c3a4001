import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { cleanLine, DeployError } from "@deploy/core";
import { checkRange, type Range } from "../range.ts";
import { sha256Name } from "./metadata.ts";
import type { Target } from "./put.ts";
import { Refused, type S3Session } from "./session.ts";
import { readFailure } from "./verdict.ts";

/** Progress that makes a broken connection count as a new one: then it may break again. */
const progress = 64 * 1024;
/** Bytes that must come within the time of silence, or the body is as good as stalled. */
const trickle = 16 * 1024;

interface Piece {
  readonly body: Readable;
  /** First byte in the object, and bytes from there. */
  readonly start: number;
  readonly size: number;
  readonly etag: string | undefined;
  readonly sha256: string | undefined;
}

/** The bytes of an object. Goes on where a connection broke, as long as the object is the same one. */
export async function readObject(session: S3Session, target: Target, range?: Range): Promise<Readable> {
  const place = `s3://${session.options.bucket}/${target.key}`;
  checkRange(range, place);
  const first = await open(session, target, range, undefined);
  return Readable.from(bytesOf(session, target, first, range === undefined), { objectMode: false });
}

async function* bytesOf(
  session: S3Session,
  target: Target,
  first: Piece,
  whole: boolean,
): AsyncGenerator<Buffer> {
  const sum = whole && first.sha256 !== undefined ? createHash("sha256") : undefined;
  const end = first.start + first.size;
  let [piece, at, breaks, sinceBreak] = [first, first.start, 0, 0];
  while (at < end) {
    try {
      for await (const chunk of chunksOf(piece.body, session.tuning.silence)) {
        if (at + chunk.length > end) throw new Error("more bytes than announced came");
        at += chunk.length;
        sinceBreak += chunk.length;
        sum?.update(chunk);
        yield chunk;
      }
      if (at < end) throw new Error("the connection ended");
    } catch (error) {
      breaks = sinceBreak >= progress ? 1 : breaks + 1;
      sinceBreak = 0;
      if (breaks >= session.tuning.attempts) throw short(session, target, first, at, error);
      await pause(Math.min(session.tuning.pause * 3 ** (breaks - 1), 10_000));
      piece = await open(session, target, { start: at, end: end - 1 }, first.etag);
    }
  }
  piece.body.destroy();
  checkSum(session, target, sum?.digest("hex"), first.sha256);
}

async function open(
  session: S3Session,
  { key }: Target,
  range: Range | undefined,
  etag: string | undefined,
): Promise<Piece> {
  const Range = rangeHeader(range);
  const condition = etag === undefined ? {} : { IfMatch: etag };
  const input = {
    Bucket: session.options.bucket,
    Key: key,
    ...(Range === undefined ? {} : { Range }),
    ...condition,
  };
  const accept = ["PreconditionFailed", "412", "InvalidRange", "416"];
  const answer = await session.send({ action: "s3:GetObject", key, accept }, ({ s3, sdk }, how) =>
    s3.send(new sdk.GetObjectCommand(input), how),
  );
  const place = `s3://${session.options.bucket}/${key}`;
  if (!(answer instanceof Refused))
    return pieceOf(answer, Range === undefined ? 0 : (range?.start ?? 0), place);
  if (["InvalidRange", "416"].includes(answer.name)) {
    throw new DeployError("object-range", `${place} has no byte ${range?.start}`, { place: { path: place } });
  }
  throw new DeployError("object-changed", `${place} was replaced while it was read`, {
    place: { path: place },
  });
}

function pieceOf(answer: GetObjectCommandOutput, start: number, place: string): Piece {
  const { ContentLength: size, ContentRange = `bytes 0-`, ETag: etag } = answer;
  const body = answer.Body as Readable;
  // A reader that went away must not turn a late error of the connection into a crash.
  body.on("error", () => {});
  if (size !== undefined && ContentRange.startsWith(`bytes ${start}-`)) {
    return { body, start, size, etag, sha256: answer.Metadata?.[sha256Name] };
  }
  body.destroy();
  const why =
    size === undefined
      ? "does not say how long it is"
      : `begins at ${cleanLine(ContentRange)}, not at ${start}`;
  throw new DeployError("store-failed", `The store's answer for ${place} ${why}`, { place: { path: place } });
}

function rangeHeader(range: Range | undefined): string | undefined {
  if (range === undefined || (range.start === 0 && range.end === undefined)) return undefined;
  return `bytes=${range.start}-${range.end ?? ""}`;
}

/** The chunks of a body; breaks it off where it says next to nothing for too long. The reader's own pauses do not count. */
async function* chunksOf(body: Readable, silence: number): AsyncGenerator<Buffer> {
  let [left, got] = [silence, 0];
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const since = performance.now();
      const timer = setTimeout(() => body.destroy(new Error(`next to nothing came for ${silence} ms`)), left);
      const next = await chunks.next().finally(() => clearTimeout(timer));
      if (next.done === true) return;
      got += next.value.length;
      left -= performance.now() - since;
      if (got >= trickle) [left, got] = [silence, 0];
      yield next.value;
    }
  } finally {
    body.destroy();
  }
}

function short(session: S3Session, { key }: Target, first: Piece, at: number, error: unknown): DeployError {
  const place = `s3://${session.options.bucket}/${key}`;
  const message = `${place} ended after ${at - first.start} of ${first.size} bytes: ${readFailure(error).message}`;
  return new DeployError("object-short", message, { place: { path: place }, cause: error });
}

function checkSum(
  session: S3Session,
  { key }: Target,
  actual: string | undefined,
  expected: string | undefined,
): void {
  if (actual === undefined || expected === undefined || actual === expected) return;
  const place = `s3://${session.options.bucket}/${key}`;
  const message = `${place} has the SHA-256 ${actual}; it was stored as ${expected}`;
  throw new DeployError("object-damaged", message, { place: { path: place } });
}
