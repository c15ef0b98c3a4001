import { createHash } from "node:crypto";
import { DeployError } from "@deploy/core";
import type { P256Key } from "@deploy/sign";
import type { Store } from "@deploy/store";
import { byHashKey, type Index } from "../apt/change.ts";
import { parsePackages } from "../apt/packages.ts";
import { type Listed, parseRelease, type Release } from "../apt/release.ts";
import { identity, type Stanza } from "../apt/stanza.ts";
import { readClearSigned } from "../openpgp/clearText.ts";
import { gather } from "../through.ts";

/** A repository as it was found, proven to be of one key. */
export interface Found extends Index {
  /** Of InRelease: it is replaced in the place of this version alone. */
  readonly etag: string;
  /** Hex SHA-256 of InRelease. */
  readonly digest: string;
}

/** Where a suite lies in a repository. */
export function suiteFolder(suite: string): string {
  return `dists/${suite}/`;
}

/**
 * What the repository holds, by its signed index; undefined where none lies there. What another key signed, or nobody, throws
 * `index-foreign`: who extends it would sign what others wrote.
 */
export async function readRepository(store: Store, suite: string, key: P256Key): Promise<Found | undefined> {
  const folder = suiteFolder(suite);
  const signed = await readVersion(store, `${folder}InRelease`);
  if (signed === undefined) return undefined;
  const foreign = (what: string) =>
    new DeployError("index-foreign", `${store.location}/${folder}InRelease ${what}`);
  const text = readClearSigned(signed.bytes.toString("utf8"), key);
  if (text === undefined) throw foreign("is not signed by this environment's key");
  const release = parseRelease(text);
  if (release?.suite !== suite) throw foreign("is signed, and is no index of this suite");
  const stanzas = new Map<string, Stanza>();
  for (const file of plainIndexes(release)) {
    const bytes = await readListed(store, folder, file);
    const parsed = bytes === undefined ? undefined : parsePackages(bytes.toString("utf8"));
    if (parsed === undefined) throw foreign(`names ${file.path}, and its bytes are not there`);
    for (const one of parsed) stanzas.set(identity(one), one);
  }
  const digest = hex(signed.bytes);
  return { release, stanzas: [...stanzas.values()], etag: signed.etag, digest };
}

function plainIndexes({ files }: Release): readonly Listed[] {
  return files.filter(({ path }) => path.endsWith("/Packages"));
}

/** By its hash, or by its name where that object was lost; undefined where neither has these bytes. */
async function readListed(store: Store, folder: string, file: Listed): Promise<Buffer | undefined> {
  for (const key of [byHashKey(file), file.path]) {
    const bytes = await readWhole(store, folder + key);
    if (bytes !== undefined && hex(bytes) === file.sha256) return bytes;
  }
  return undefined;
}

async function readVersion(
  store: Store,
  key: string,
): Promise<{ readonly etag: string; readonly bytes: Buffer } | undefined> {
  for (;;) {
    const before = await store.details(key);
    if (before === undefined) return undefined;
    const bytes = await readWhole(store, key);
    // Another version came between the two questions: its etag and its bytes belong together.
    const after = await store.details(key);
    if (bytes !== undefined && before.etag !== undefined && before.etag === after?.etag) {
      return { etag: before.etag, bytes };
    }
  }
}

async function readWhole(store: Store, key: string): Promise<Buffer | undefined> {
  try {
    return await gather(await store.read(key));
  } catch (error) {
    if (error instanceof DeployError && ["object-missing", "object-changed"].includes(error.problem.code)) {
      return undefined;
    }
    throw error;
  }
}

export function hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
