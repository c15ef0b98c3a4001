import { DeployError, isReleaseName } from "@deploy/core";
import type { AssetFile, AssetIndex, AssetKind } from "../types.ts";
import { isObject, parseJson } from "./documents.ts";
import { ownFolder, whyNoKey } from "./keys.ts";

/** What a release has in a store: our own manifest, the only thing that pruning goes by. */
export interface ReleaseRecord {
  readonly schema: 1;
  readonly release: string;
  /** When it was published last, milliseconds since 1970. */
  readonly time: number;
  /** False: written before the first upload, so that what a killed run left behind has an owner. */
  readonly complete: boolean;
  /** What was published, without source maps that were kept apart. */
  readonly files: readonly AssetFile[];
  /** Fingerprinted files that earlier publishes of the same release left behind. */
  readonly also: readonly LeftFile[];
}

export interface LeftFile {
  readonly path: string;
  readonly size: number;
}

export const recordFolder = `${ownFolder}assets/`;

/** `.deploy/assets/<release>.json`. Throws `release-name` for what is no release. */
export function recordKey(release: string): string {
  if (isReleaseName(release)) return `${recordFolder}${release}.json`;
  throw new DeployError("release-name", `${JSON.stringify(release)} cannot name a release`);
}

/** The record before anything is uploaded: every fingerprinted file it will need, and what an earlier publish told. */
export function beginRecord(
  release: string,
  now: number,
  files: readonly AssetFile[],
  previous?: ReleaseRecord,
): ReleaseRecord {
  const told = previous ?? { schema: 1, release, time: now, complete: false, files: [], also: [] };
  return { ...told, also: leftBeside(told.files, [...told.also, ...immutableOf(files)]) };
}

/** The record once everything is uploaded. */
export function finishRecord(
  release: string,
  now: number,
  files: readonly AssetFile[],
  previous?: ReleaseRecord,
): ReleaseRecord {
  const also = leftBeside(files, [...(previous?.also ?? []), ...immutableOf(previous?.files ?? [])]);
  return { schema: 1, release, time: now, complete: true, files, also };
}

/** Every fingerprinted file a record names. */
export function immutableFiles(record: ReleaseRecord): readonly LeftFile[] {
  return [...immutableOf(record.files), ...record.also];
}

export function indexOf(record: ReleaseRecord): AssetIndex {
  return { schema: 1, files: record.files, manifests: [] };
}

function immutableOf(files: readonly AssetFile[]): readonly LeftFile[] {
  return files.filter(({ immutable }) => immutable).map(({ path, size }) => ({ path, size }));
}

function leftBeside(files: readonly AssetFile[], left: readonly LeftFile[]): readonly LeftFile[] {
  const named = new Set(files.map(({ path }) => path));
  const unique = new Map(left.filter(({ path }) => !named.has(path)).map((file) => [file.path, file]));
  return [...unique.values()];
}

/** A record from the store's bytes, which are data of a stranger until read. Throws `assets-record`. */
export function parseRecord(key: string, bytes: Buffer | undefined): ReleaseRecord {
  const value = bytes === undefined ? undefined : parseJson(bytes);
  if (!isRecord(value) || recordKey(value.release) !== key)
    throw new DeployError("assets-record", `${key} is no record of a release that this version can read`, {
      place: { path: key },
    });
  return value;
}

function isRecord(value: unknown): value is ReleaseRecord {
  return (
    isObject(value) &&
    value.schema === 1 &&
    typeof value.release === "string" &&
    isReleaseName(value.release) &&
    isCount(value.time) &&
    typeof value.complete === "boolean" &&
    Array.isArray(value.files) &&
    value.files.every(isAssetFile) &&
    Array.isArray(value.also) &&
    value.also.every(isLeftFile)
  );
}

function isLeftFile(value: unknown): value is LeftFile {
  return isObject(value) && isKey(value.path) && isCount(value.size);
}

const kinds: readonly AssetKind[] = ["css", "js", "html", "svg", "image", "font", "map", "other"];

function isAssetFile(value: unknown): value is AssetFile {
  return (
    isLeftFile(value) &&
    isObject(value) &&
    kinds.some((kind) => kind === value.kind) &&
    typeof value.immutable === "boolean" &&
    typeof value.sha256 === "string" &&
    typeof value.logical === "string" &&
    isCount(value.before) &&
    [value.gzip, value.brotli].every((size) => size === undefined || isCount(size))
  );
}

function isKey(value: unknown): boolean {
  return typeof value === "string" && whyNoKey(value) === undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
