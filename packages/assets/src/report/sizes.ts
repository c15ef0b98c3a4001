import type { AssetFile, AssetIndex, AssetKind } from "../types.ts";

/** One line of the table: bytes, and what became of them since the last release. */
export interface SizeRow {
  readonly label: string;
  readonly files: number;
  /** Before minifying. */
  readonly before: number;
  readonly after: number;
  /** As sent with this encoding; what does not compress counts as it is. Absent: nothing of it compresses. */
  readonly gzip?: number;
  readonly brotli?: number;
  /** After, in the last release; absent: there is none to compare with. */
  readonly last?: number;
}

const labels: Readonly<Record<Exclude<AssetKind, "map">, string>> = {
  css: "CSS",
  js: "JavaScript",
  html: "HTML",
  svg: "SVG",
  image: "Images",
  font: "Fonts",
  other: "Other",
};

/** A row for each kind there is or was, and the total; visitors do not load source maps, siblings and copies, so these are not in it. */
export function sizeRows(index: AssetIndex, last?: AssetIndex): readonly SizeRow[] {
  const now = countedFiles(index);
  const then = last === undefined ? undefined : countedFiles(last);
  const of = (kind: string, files: readonly AssetFile[]) => files.filter((file) => file.kind === kind);
  const rows = Object.entries(labels)
    .map(([kind, label]) => sum(label, of(kind, now), then && of(kind, then)))
    .filter(({ files, last = 0 }) => files > 0 || last > 0);
  return rows.length > 1 ? [...rows, sum("Total", now, then)] : rows;
}

/** The largest first. */
export function largestFiles(index: AssetIndex, most = 10): readonly AssetFile[] {
  return [...countedFiles(index)]
    .sort((one, other) => other.size - one.size || (one.path < other.path ? -1 : 1))
    .slice(0, most);
}

function countedFiles({ files }: AssetIndex): readonly AssetFile[] {
  return files.filter(({ kind, encoding, copy }) => kind !== "map" && encoding === undefined && !copy);
}

function sum(label: string, files: readonly AssetFile[], then?: readonly AssetFile[]): SizeRow {
  const total = (of: (file: AssetFile) => number) => files.reduce((bytes, file) => bytes + of(file), 0);
  return {
    label,
    files: files.length,
    before: total(({ before }) => before),
    after: total(({ size }) => size),
    ...(files.some(({ gzip }) => gzip !== undefined) && { gzip: total(({ gzip, size }) => gzip ?? size) }),
    ...(files.some(({ brotli }) => brotli !== undefined) && {
      brotli: total(({ brotli, size }) => brotli ?? size),
    }),
    ...(then && { last: then.reduce((bytes, { size }) => bytes + size, 0) }),
  };
}
