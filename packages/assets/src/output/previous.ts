import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isSafe } from "./names.ts";

/** The record of what we wrote; what an interrupted run meant to write; the fingerprinted files for the bridge. */
export const indexName = ".deploy-assets.json";
export const pendingName = ".deploy-assets.pending";
export const fingerprintsName = ".deploy-fingerprints";

/** Files in the output folder that an earlier run of ours made: path to SHA-256, where it is known. */
export type Owned = ReadonlyMap<string, string | undefined>;

/** A folder without a readable record has nothing of ours in it. Paths that no run of ours writes are passed over. */
export async function readOwned(output: string): Promise<Owned> {
  const owned = new Map<string, string | undefined>();
  const add = (path: unknown, digest?: unknown) => {
    if (typeof path !== "string" || !isSafe(path)) return;
    owned.set(path, typeof digest === "string" ? digest : undefined);
  };
  const pending = await text(join(output, pendingName));
  for (const line of pending.split("\n")) add(line);
  const index = parsed(await text(join(output, indexName)));
  for (const path of listOf(index?.manifests)) add(path);
  for (const file of listOf(index?.files)) {
    const { path, sha256 } = (file ?? {}) as { path?: unknown; sha256?: unknown };
    add(path, owned.has(String(path)) ? undefined : sha256);
  }
  for (const name of [indexName, pendingName, fingerprintsName]) owned.set(name, undefined);
  return owned;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function text(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
