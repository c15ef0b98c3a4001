import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../fingerprint/digest.ts";
import type { Encoding } from "../types.ts";
import { suffixes } from "./kinds.ts";

/** What is known of one body: its length, and the SHA-256 of its bytes where they are stored. */
export interface Known {
  readonly size: number;
  readonly sha256?: string;
}

/** Compressed bodies by what they were made of. Anything unreadable in it counts as absent. */
export interface CompressCache {
  body(digest: string, encoding: Encoding): Promise<Uint8Array | undefined>;
  keep(digest: string, encoding: Encoding, body: Uint8Array): Promise<void>;
  /** How long a body is that no one keeps. */
  estimated(digest: string, encoding: Encoding): number | undefined;
  estimate(digest: string, encoding: Encoding, size: number): void;
  /** Writes the table; what this run did not ask for is dropped. */
  save(): Promise<void>;
}

// Another zlib may give other bytes: what an older one made is made anew.
const made = `2 zlib ${process.versions.zlib} brotli ${process.versions.brotli} zstd ${process.versions.zstd}`;

type Table = Record<string, Known>;

/** Opens the cache in a folder of ours; without a folder it forgets. */
export async function openCache(folder: string | undefined): Promise<CompressCache> {
  const old = folder === undefined ? {} : await readTable(join(folder, "table.json"));
  const used: Table = {};
  const fileOf = (digest: string, encoding: Encoding) => join(folder ?? "", `${digest}${suffixes[encoding]}`);
  const known = (key: string): Known | undefined => {
    const found = used[key] ?? old[key];
    if (!Number.isSafeInteger(found?.size)) return undefined;
    if (found !== undefined) used[key] = found;
    return found;
  };
  const estimateOf = (digest: string, encoding: Encoding) => `${digest}${suffixes[encoding]} on the way`;
  return {
    estimated: (digest, encoding) => known(estimateOf(digest, encoding))?.size,
    estimate(digest, encoding, size) {
      used[estimateOf(digest, encoding)] = { size };
    },
    async body(digest, encoding) {
      const found = known(`${digest}${suffixes[encoding]}`);
      if (folder === undefined || found?.sha256 === undefined) return undefined;
      const body = await readFile(fileOf(digest, encoding)).catch(() => undefined);
      return body !== undefined && sha256(body) === found.sha256 ? body : undefined;
    },
    async keep(digest, encoding, body) {
      used[`${digest}${suffixes[encoding]}`] = { size: body.length, sha256: sha256(body) };
      if (folder !== undefined) await replace(folder, fileOf(digest, encoding), body);
    },
    async save() {
      if (folder === undefined) return;
      const keys = Object.keys(used).sort();
      const table = { made, bodies: Object.fromEntries(keys.map((key) => [key, used[key]])) };
      await replace(folder, join(folder, "table.json"), JSON.stringify(table));
      const unused = (await readdir(folder)).filter(
        (name) => name !== "table.json" && used[name]?.sha256 === undefined,
      );
      await Promise.all(unused.map((name) => rm(join(folder, name), { force: true, recursive: true })));
    },
  };
}

async function readTable(file: string): Promise<Table> {
  try {
    const value = JSON.parse(await readFile(file, "utf8"));
    return value.made === made && typeof value.bodies === "object" && value.bodies !== null
      ? value.bodies
      : {};
  } catch {
    return {};
  }
}

async function replace(folder: string, file: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.partial`, bytes);
  await rename(`${file}.partial`, file);
}
