import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { DeployError } from "@deploy/core";
import { checkRange, type Range } from "../range.ts";
import { onDisk } from "./disk.ts";
import { isAbsent, pathOf } from "./paths.ts";
import { readSidecar } from "./sidecar.ts";

const chunkSize = 256 * 1024;

/** The bytes of a file, all of them or an error. */
export async function readFileOf(root: string, key: string, range?: Range): Promise<Readable> {
  const path = await pathOf(root, key);
  checkRange(range, path);
  const file = await onDisk(root, path, () => openFile(path));
  const { size, mtimeNs } = await file.stat({ bigint: true });
  const start = range?.start ?? 0;
  if (start > 0 && start >= size) {
    await file.close();
    throw new DeployError("object-range", `${path} has no byte ${start}`, { place: { path } });
  }
  const end = Math.min((range?.end ?? Number.MAX_SAFE_INTEGER) + 1, Number(size));
  const expected = range === undefined ? (await readSidecar(root, key, mtimeNs))?.sha256 : undefined;
  return Readable.from(bytesOf(file, { path, start, end, expected }), { objectMode: false });
}

interface Wanted {
  readonly path: string;
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
  readonly expected: string | undefined;
}

async function* bytesOf(file: FileHandle, { path, start, end, expected }: Wanted): AsyncGenerator<Buffer> {
  const sum = createHash("sha256");
  try {
    for (let at = start; at < end; ) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkSize, end - at));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw short(path, at - start, end - start);
      at += bytesRead;
      const got = chunk.subarray(0, bytesRead);
      if (expected !== undefined) sum.update(got);
      yield got;
    }
  } finally {
    await file.close();
  }
  if (expected === undefined) return;
  const actual = sum.digest("hex");
  if (actual !== expected) throw damaged(path, actual, expected);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  throw new DeployError("object-missing", `There is no object ${path}`, { place: { path } });
}

function short(path: string, got: number, wanted: number): DeployError {
  return new DeployError("object-short", `${path} ended after ${got} of ${wanted} bytes`, {
    place: { path },
  });
}

function damaged(path: string, actual: string, expected: string): DeployError {
  const message = `${path} has the SHA-256 ${actual}; it was stored as ${expected}`;
  return new DeployError("object-damaged", message, { place: { path } });
}
