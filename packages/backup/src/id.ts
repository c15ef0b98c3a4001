import type { DatabaseKind } from "@deploy/core";
import { type Compression, databaseKinds, driverOf } from "@deploy/remote";

const shape = /^\d{8}T\d{6}Z-[A-Za-z0-9][A-Za-z0-9._-]{0,63}-[0-9a-f]{4}$/;
const packed: Readonly<Record<Compression, string>> = { zstd: ".zst", gzip: ".gz", none: "" };
const forms = databaseKinds.map((kind) => driverOf(kind).form);
const data = new RegExp(
  `^(.+-[0-9a-f]{4})\\.(?:${forms.join("|")}|globals\\.sql)(?:\\.zst|\\.gz)?(?:\\.age)?$`,
);

interface Packing {
  readonly compression: Compression;
  readonly encrypted: boolean;
}

/** `20261121T084450Z-shop-7f3a`: UTC, the app, and two random bytes as hex, so that two of one second differ. */
export function mintBackupId(now: Date, app: string, random: Uint8Array): string {
  const time = now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  return `${time}-${app}-${Buffer.from(random.subarray(0, 2)).toString("hex")}`;
}

export function isBackupId(text: string): boolean {
  return shape.test(text);
}

/** The key of the bytes: kind, compression and encryption stand in its name, for whoever has nothing but the object. */
export function dataKey(id: string, parts: Packing & { readonly kind: DatabaseKind }): string {
  return `${id}.${driverOf(parts.kind).form}${ending(parts)}`;
}

/** The key of what belongs to the database's server and not to the database; always SQL. */
export function globalsKey(id: string, parts: Packing): string {
  return `${id}.globals.sql${ending(parts)}`;
}

function ending({ compression, encrypted }: Packing): string {
  return `${packed[compression]}${encrypted ? ".age" : ""}`;
}

export function manifestKey(id: string): string {
  return `${id}.json`;
}

/** When it was minted, in milliseconds since 1970; NaN where the id holds no time. */
export function mintedAt(id: string): number {
  return Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** The id in the key of an object of ours, and which of the two it is; undefined for a foreign object. */
export function ownerOf(
  key: string,
): { readonly id: string; readonly part: "data" | "manifest" } | undefined {
  const manifest = key.endsWith(".json") ? key.slice(0, -5) : undefined;
  const id = manifest ?? data.exec(key)?.[1];
  if (id === undefined || !isBackupId(id)) return undefined;
  return { id, part: manifest === undefined ? "data" : "manifest" };
}
