import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "../digest.ts";
import type { PutOptions } from "../types.ts";
import { isAbsent, metadata } from "./paths.ts";

/** What a file system does not keep about an object. */
export interface Sidecar {
  readonly key: string;
  readonly sha256: string;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export function sidecarOf(key: string, sha256: string, options: PutOptions): Sidecar {
  const { contentType, cacheControl, contentEncoding, metadata: own = {} } = options;
  return {
    key,
    sha256,
    ...(contentType === undefined ? {} : { contentType }),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    metadata: Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/**
 * The sidecar's file. The object's time of change is part of its name: an object and its sidecar cannot be replaced in one step, so the
 * sidecar is written first, and only the file that has this very time belongs to it. A copy that keeps times keeps the tie.
 */
export function sidecarPath(root: string, key: string, changed: bigint): string {
  return join(root, metadata, `${sha256Of(Buffer.from(key))}-${changed}.json`);
}

/** False: another object of this key with this very time has one. */
export async function writeSidecar(root: string, changed: bigint, sidecar: Sidecar): Promise<boolean> {
  await mkdir(join(root, metadata), { recursive: true, mode: 0o700 });
  try {
    const text = JSON.stringify(sidecar);
    await writeFile(sidecarPath(root, sidecar.key, changed), text, { flag: "wx", mode: 0o600, flush: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined for a file that others put there, or changed since. */
export async function readSidecar(root: string, key: string, changed: bigint): Promise<Sidecar | undefined> {
  try {
    return JSON.parse(await readFile(sidecarPath(root, key, changed), "utf8")) as Sidecar;
  } catch (error) {
    if (isAbsent(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export async function removeSidecar(root: string, key: string, changed: bigint): Promise<void> {
  await rm(sidecarPath(root, key, changed), { force: true });
}
