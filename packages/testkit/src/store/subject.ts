import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Put, PutOptions, Store } from "@deploy/store";

/** An empty store, and how to get rid of it. */
export interface StoreSubject {
  readonly store: Store;
  cleanup(): Promise<void>;
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

/** Puts text that must not be there yet. */
export function putText(
  store: Store,
  key: string,
  text: string,
  options: Partial<PutOptions> = {},
): Promise<Put> {
  return store.put(key, Buffer.from(text), { overwrite: false, ...options });
}

/** The text of an object, or of a range of it. */
export async function readText(
  store: Store,
  key: string,
  range?: { start: number; end?: number },
): Promise<string> {
  return (await readBytes(store, key, range)).toString("utf8");
}

export async function readBytes(
  store: Store,
  key: string,
  range?: { start: number; end?: number },
): Promise<Buffer> {
  return buffer((await store.read(key, range)) as AsyncIterable<Uint8Array> as NodeJS.ReadableStream);
}

export async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/** The code of the DeployError that this ends with; "nothing thrown" for none. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "nothing thrown";
  } catch (error) {
    const { problem } = error as { problem?: { code: string } };
    return problem?.code ?? `no code: ${(error as Error).message}`;
  }
}

/** A file of random bytes in a folder of its own. */
export async function withFile(
  size: number,
  use: (file: string, bytes: Buffer) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "store-body-"));
  try {
    const [file, bytes] = [join(folder, "body"), randomBytes(size)];
    await writeFile(file, bytes);
    await use(file, bytes);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Chunks of a stream that fails after them, where told with what. */
export async function* streamOf(chunks: readonly Uint8Array[], failure?: Error): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (failure !== undefined) throw failure;
}
