import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { DeployError } from "@deploy/core";
import type { Contents } from "../types.ts";

export interface Digest {
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** `sha384-…` (https://www.w3.org/TR/SRI/). */
  readonly integrity: string;
}

export function digestOf(bytes: Uint8Array): Digest {
  const integrity = createHash("sha384").update(bytes).digest("base64");
  return { size: bytes.length, sha256: sha256(bytes), integrity: `sha384-${integrity}` };
}

/** Hex SHA-256 of parts in a row. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Read at once; larger files in pieces, never whole. */
const piece = 1 << 20;

/** The same for contents of any size. Throws `asset-unreadable`. */
export async function digestContents(contents: Contents): Promise<Digest> {
  if (contents.kind === "bytes") return digestOf(contents.bytes);
  const [short, long] = [createHash("sha256"), createHash("sha384")];
  let size = 0;
  for await (const part of readPieces(contents.absolute, contents.size)) {
    size += part.length;
    short.update(part);
    long.update(part);
  }
  return { size, sha256: short.digest("hex"), integrity: `sha384-${long.digest("base64")}` };
}

/** Hex SHA-256 of a file of about that size. Throws `asset-unreadable`. */
export async function digestFile(absolute: string, size: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of readPieces(absolute, size)) hash.update(part);
  return hash.digest("hex");
}

async function* readPieces(absolute: string, size: number): AsyncGenerator<Uint8Array> {
  try {
    if (size <= piece) yield await readFile(absolute);
    else yield* createReadStream(absolute, { highWaterMark: piece }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unreadable(absolute, error);
  }
}

export function unreadable(file: string, error: unknown): DeployError {
  const code = String((error as NodeJS.ErrnoException).code ?? error);
  return new DeployError("asset-unreadable", `It cannot be read (${code})`, {
    place: { file },
    cause: error,
  });
}
