import { readFileSync } from "node:fs";
import { sha256Of } from "../digest.ts";
import { fullKey } from "../key.ts";
import { FileSource, sha256OfFile } from "../source.ts";
import type { Body, Put, PutOptions, S3Options, Store, StreamOptions } from "../types.ts";
import { findObject } from "./details.ts";
import { listObjects } from "./list.ts";
import { putParts } from "./multipart.ts";
import { byteParts, fileParts, streamParts } from "./parts.ts";
import { presignObject } from "./presign.ts";
import { putWhole, type Target } from "./put.ts";
import { readObject } from "./read.ts";
import { S3Session } from "./session.ts";
import { type S3Tuning, usualTuning } from "./tuning.ts";
import { listUnfinished } from "./unfinished.ts";

/** A bucket of AWS S3 or of any server that speaks its protocol. Loads the SDK and connects at the first call. */
export function s3Store(options: S3Options, tuning: Partial<S3Tuning> = {}): Store {
  const session = new S3Session(options, { ...usualTuning, ...tuning });
  const { bucket, prefix } = options;
  const targetOf = (name: string): Target => ({ key: fullKey(prefix, name), name });
  return {
    location: `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`,
    list: (below) => listObjects(session, below),
    details: async (name) => (await findObject(session, targetOf(name).key, name))?.details,
    read: async (name, range) => readObject(session, targetOf(name), range),
    put: async (name, body, how) => putBody(session, targetOf(name), body, how),
    putStream: async (name, body, how) => putStream(session, targetOf(name), body, how),
    remove: async (name) => removeObject(session, targetOf(name).key),
    listUnfinished: (below) => listUnfinished(session, below),
    // A directory bucket wants the token of a session with every request.
    ...(bucket.endsWith("--x-s3")
      ? {}
      : { presign: async (name, { expires }) => presignObject(session, targetOf(name).key, expires) }),
    close: () => session.close(),
  };
}

async function putBody(session: S3Session, target: Target, body: Body, options: PutOptions): Promise<Put> {
  const size = body instanceof Uint8Array ? body.length : body.size;
  const cut = { tuning: session.tuning, memory: session.memory, size };
  const place = `s3://${session.options.bucket}/${target.key}`;
  if (body instanceof Uint8Array) {
    if (size <= session.tuning.whole) return putWhole(session, target, body, options);
    return putParts(session, target, byteParts(body, cut), {
      ...options,
      sha256: options.sha256 ?? sha256Of(body),
    });
  }
  if (size <= session.tuning.whole) return putFile(session, target, body.file, size, options);
  const sha256 = options.sha256 ?? (await sha256OfFile(body.file, size, place));
  return putParts(session, target, fileParts(body.file, place, cut), { ...options, sha256 });
}

/** Up to this size a file is read at once without leaving the thread: four system calls that way cost a tenth of the time. */
const readAtOnce = 256 * 1024;

async function putFile(
  session: S3Session,
  target: Target,
  file: string,
  size: number,
  options: PutOptions,
): Promise<Put> {
  await session.memory.take(size);
  try {
    return await putWhole(session, target, await readWhole(session, target, file, size), options);
  } finally {
    session.memory.give(size);
  }
}

async function readWhole(
  session: S3Session,
  { key }: Target,
  file: string,
  size: number,
): Promise<Uint8Array> {
  const quick = size <= readAtOnce ? readQuickly(file) : undefined;
  if (quick?.length === size) return quick;
  // The long way also says what is wrong with the file.
  const source = new FileSource(file, size, `s3://${session.options.bucket}/${key}`);
  try {
    return await source.next(size);
  } finally {
    await source.close();
  }
}

function readQuickly(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function putStream(
  session: S3Session,
  target: Target,
  body: AsyncIterable<Uint8Array>,
  { estimate = 0, ...options }: StreamOptions,
): Promise<Put> {
  const parts = streamParts(body, { tuning: session.tuning, memory: session.memory, size: estimate });
  return putParts(session, target, parts, options);
}

async function removeObject(session: S3Session, key: string): Promise<void> {
  const asked = { action: "s3:DeleteObject", key, accept: ["NoSuchKey"] };
  await session.send(asked, ({ s3, sdk }, how) =>
    s3.send(new sdk.DeleteObjectCommand({ Bucket: session.options.bucket, Key: key }), how),
  );
}
