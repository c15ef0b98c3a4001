import { randomBytes } from "node:crypto";
import { DeployError, zstdHere } from "@deploy/core";
import { type Compression, type Dumped, dump, type SourceFacts } from "@deploy/remote";
import type { Put, StreamOptions } from "@deploy/store";
import { encryptTo } from "../age/encrypt.ts";
import { type Measured, Meter, metered, sameBytes } from "../bytes/meter.ts";
import { dumping } from "../host/dumping.ts";
import { orCancelled } from "../host/place.ts";
import { dataKey, globalsKey } from "../id.ts";
import { ProgressTeller } from "../progress.ts";
import type { BackupRequest } from "../types.ts";
import { discard, writerName } from "./discard.ts";
import { wholeDump } from "./whole.ts";

export interface Uploaded {
  readonly key: string;
  /** What the object's metadata calls us. */
  readonly writer: string;
  readonly compression: Compression;
  readonly plain: Measured;
  readonly stored: Measured;
}

/** The database's own dump, or what its server holds beside it. */
export type Part = "data" | "globals";

/** From the database to the store, in one pass and flat memory. Where it fails, no object of ours is left that could be removed. */
export async function upload(
  request: BackupRequest,
  facts: SourceFacts,
  id: string,
  part: Part = "data",
): Promise<Uploaded> {
  const { store, source, recipients } = request;
  const compression = compressionFor(request.compression, facts.compressor);
  const packing = { compression, encrypted: recipients.length > 0 };
  const key = part === "globals" ? globalsKey(id, packing) : dataKey(id, { kind: source.kind, ...packing });
  const writer = randomBytes(8).toString("hex");
  try {
    return await putDump(request, facts, { part, key, writer, compression });
  } catch (error) {
    throw await discard(store, key, writer, orCancelled("backup", request.signal, error));
  }
}

/** `auto`: what the host has, so that we can read it back. */
function compressionFor(asked: BackupRequest["compression"], host: Compression): Compression {
  if (asked !== "auto") return asked;
  return host === "zstd" && !zstdHere ? "gzip" : host;
}

type Target = Pick<Uploaded, "key" | "writer" | "compression"> & { readonly part: Part };

async function putDump(request: BackupRequest, facts: SourceFacts, target: Target): Promise<Uploaded> {
  const { store, source, recipients, level, minimum, onProgress, signal } = request;
  const { part, key, writer, compression } = target;
  const over = new AbortController();
  const asked = {
    ...request,
    signal: signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]),
  };
  const command = dump(source, {
    compression,
    globals: part === "globals",
    ...(level === undefined ? {} : { level }),
  });
  let dumped: Dumped | undefined;
  const plain = wholeDump(dumping(asked, command), {
    compression,
    minimum,
    progress: new ProgressTeller("dump", facts.estimate, onProgress),
    onDumped: (whole) => {
      dumped = whole;
    },
  });
  const meter = new Meter();
  const bytes = metered(recipients.length > 0 ? encryptTo(recipients)(plain) : plain, meter);
  try {
    const put = await store.putStream(key, bytes, optionsFor(request, facts, writer));
    for (const warning of dumped?.warnings ?? []) request.onNote?.(warning);
    return {
      key,
      writer,
      compression,
      ...checkPut(store.location, key, { put, stored: meter.end(), dumped }),
    };
  } finally {
    // A store that gave up may have left the stream as it was, and the command behind it running.
    over.abort();
    await bytes.return();
  }
}

function optionsFor({ signal }: BackupRequest, { estimate }: SourceFacts, writer: string): StreamOptions {
  return {
    overwrite: false,
    contentType: "application/octet-stream",
    metadata: { [writerName]: writer },
    ...(estimate > 0 ? { estimate } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

function checkPut(
  location: string,
  key: string,
  {
    put,
    stored,
    dumped,
  }: { readonly put: Put; readonly stored: Measured; readonly dumped: Dumped | undefined },
): Pick<Uploaded, "plain" | "stored"> {
  if (put.kind === "present" || dumped === undefined) throw conflict(location, key);
  if (!sameBytes(put, stored)) throw altered(key, stored, put);
  return { plain: { size: dumped.bytes, sha256: dumped.sha256 }, stored };
}

function conflict(location: string, key: string): DeployError {
  return new DeployError("backup-conflict", `${location} holds ${key} already, and it is not ours`);
}

function altered(key: string, ours: Measured, put: Measured): DeployError {
  const message = `The store took ${put.size} bytes for ${key} with the SHA-256 ${put.sha256}, sent were ${ours.size} with ${ours.sha256}`;
  return new DeployError("backup-unproved", message);
}
