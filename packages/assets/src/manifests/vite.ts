import { type Listing, type Manifest, type ManifestEntry, parseObject, sortedJson } from "./entry.ts";

type Chunk = Readonly<Record<string, unknown>>;

/**
 * Vite (https://vite.dev/guide/backend-integration): source path to `{file, src, isEntry, imports, dynamicImports}`,
 * `integrity` as Laravel's `Illuminate\Foundation\Vite` and vite-plugin-manifest-sri have it. Chunks that Vite itself
 * listed stay under their keys, with final names; the rest of the tree is added.
 */
export function viteManifest(listing: Listing): Manifest {
  const path = ".vite/manifest.json";
  const byLogical = new Map(listing.entries.map((entry) => [entry.logical, entry]));
  const chunks = new Map<string, Chunk>();
  const told = new Set<string>();
  for (const [key, chunk] of Object.entries(parseObject(listing.existing(path)))) {
    if (typeof chunk !== "object" || chunk === null) continue;
    chunks.set(key, renamed(chunk as Chunk, byLogical));
    told.add(String((chunk as Chunk).file));
  }
  for (const entry of listing.entries) {
    if (told.has(entry.logical) || chunks.has(entry.from) || !isAsset(entry)) continue;
    chunks.set(entry.from, chunkOf(entry, byLogical));
  }
  return { path, text: sortedJson(Object.fromEntries(chunks)) };
}

function isAsset({ kind, logical }: ManifestEntry): boolean {
  return kind !== "map" && kind !== "html" && !/(?:^|\/)\./.test(logical);
}

function chunkOf(entry: ManifestEntry, byLogical: ReadonlyMap<string, ManifestEntry>): Chunk {
  const keys = (paths: readonly string[]) => paths.flatMap((path) => byLogical.get(path)?.from ?? []);
  const [imports, dynamicImports] = [keys(entry.imports), keys(entry.dynamicImports)];
  const script = entry.kind === "js";
  return {
    file: entry.path,
    src: entry.from,
    integrity: entry.integrity,
    ...(script || entry.kind === "css" ? { isEntry: true } : {}),
    ...(script && imports.length > 0 ? { imports } : {}),
    ...(script && dynamicImports.length > 0 ? { dynamicImports } : {}),
  };
}

function renamed(chunk: Chunk, byLogical: ReadonlyMap<string, ManifestEntry>): Chunk {
  const final = (value: unknown) => byLogical.get(String(value))?.path ?? value;
  const list = (key: string) => {
    const value = chunk[key];
    return Array.isArray(value) ? { [key]: value.map(final) } : {};
  };
  const integrity = byLogical.get(String(chunk.file))?.integrity;
  return {
    ...chunk,
    file: final(chunk.file),
    ...list("css"),
    ...list("assets"),
    ...(integrity === undefined ? {} : { integrity }),
  };
}
