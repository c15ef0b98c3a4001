import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DeployError } from "@deploy/core";
import { checkSha256 } from "../digest.ts";
import type { Put, PutOptions } from "../types.ts";
import { appear } from "./appear.ts";
import { findFile } from "./details.ts";
import { diskFailure } from "./disk.ts";
import { makeFolder, pathOf, temporary } from "./paths.ts";
import { sidecarOf } from "./sidecar.ts";
import { nameUnfinished } from "./unfinished.ts";

export interface WriteOptions extends PutOptions {
  readonly onBytes?: (sent: number) => void;
}

/** Writes aside, then makes the whole file appear under its name in one step. Throws the body's own error. */
export async function writeObject(
  root: string,
  key: string,
  body: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<Put> {
  const path = await pathOf(root, key);
  const there = options.overwrite === false ? await findFile(root, key) : undefined;
  if (there !== undefined) return { kind: "present", object: there };
  let bodyFailed: unknown;
  const aside = join(root, temporary, nameUnfinished(key, randomBytes(8).toString("hex")));
  try {
    await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
    const watched = watch(body, (error) => {
      bodyFailed = error;
    });
    const { size, sha256 } = await writeAside(aside, watched, options);
    checkSha256(path, sha256, options.sha256);
    await makeFolder(dirname(path), root);
    const won = await appear(root, aside, path, sidecarOf(key, sha256, options), options.overwrite);
    return won ? { kind: "written", size, sha256 } : await present(root, key, path, options);
  } catch (error) {
    throw error === bodyFailed ? error : await diskFailure(error, root, path);
  } finally {
    await rm(aside, { force: true });
  }
}

async function present(root: string, key: string, path: string, options: PutOptions): Promise<Put> {
  const object = await findFile(root, key);
  if (object !== undefined) return { kind: "present", object };
  if (options.overwrite !== false) {
    const message = `${path} is not there any more, to be replaced`;
    throw new DeployError("object-missing", message, { place: { path } });
  }
  const message = `${path} is in the way, or comes and goes while it is put`;
  throw new DeployError("store-failed", message, { place: { path } });
}

async function* watch<T>(body: AsyncIterable<T>, failed: (error: unknown) => void): AsyncGenerator<T> {
  try {
    yield* body;
  } catch (error) {
    failed(error);
    throw error;
  }
}

async function writeAside(path: string, body: AsyncIterable<Uint8Array>, options: WriteOptions) {
  const sum = createHash("sha256");
  let size = 0;
  const file = await open(path, "wx", 0o644);
  try {
    for await (const chunk of body) {
      options.signal?.throwIfAborted();
      await writeAll(file, chunk);
      sum.update(chunk);
      size += chunk.length;
      options.onBytes?.(size);
    }
    options.signal?.throwIfAborted();
  } finally {
    await file.close();
  }
  return { size, sha256: sum.digest("hex") };
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
}
