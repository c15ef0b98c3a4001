import type { AssetKind } from "../types.ts";

/** What manifests tell of a file. */
export interface ManifestEntry {
  readonly logical: string;
  readonly path: string;
  /** Source path: the key of Vite's form. */
  readonly from: string;
  readonly kind: AssetKind;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  readonly integrity: string;
  /** Logical paths of the modules it imports. */
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
}

export interface Listing {
  /** Sorted by the bytes of `logical`. */
  readonly entries: readonly ManifestEntry[];
  readonly baseUrl?: string;
  /** The text of a manifest that a bundler left in the tree. */
  readonly existing: (path: string) => string | undefined;
}

/** A manifest as it will be written. */
export interface Manifest {
  readonly path: string;
  readonly text: string;
}

/** JSON with its keys in the order of their bytes: the same text on every machine. */
export function sortedJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const pairs = Object.entries(value).map(([key, each]) => [key, sorted(each)] as const);
  return Object.fromEntries(pairs.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

export function mapped<T>(
  entries: readonly ManifestEntry[],
  value: (entry: ManifestEntry) => T,
): Record<string, T> {
  return Object.fromEntries(entries.map((entry) => [entry.logical, value(entry)]));
}

/** A bundler's manifest as data; {} for what is none. */
export function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
