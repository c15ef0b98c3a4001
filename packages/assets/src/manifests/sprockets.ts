import { createHash } from "node:crypto";
import { type Listing, type Manifest, mapped, sortedJson } from "./entry.ts";

/** Nothing reads it but `assets:clean`, which leaves current files alone; a true one would differ each time. */
const mtime = "1970-01-01T00:00:00Z";

/**
 * Sprockets' manifest (lib/sprockets/manifest.rb): `assets` from logical to final path, `files` with what it knows of
 * each. Found by `/^\.sprockets-manifest-[0-9a-f]{32}.json$/` (manifest_utils.rb); the hex, random there, is of the
 * text's hash here.
 */
export function sprocketsManifest({ entries }: Listing): Manifest {
  const files = entries.map((entry) => [
    entry.path,
    {
      logical_path: entry.logical,
      mtime,
      size: entry.size,
      digest: entry.sha256,
      integrity: entry.integrity,
    },
  ]);
  const text = sortedJson({ files: Object.fromEntries(files), assets: mapped(entries, ({ path }) => path) });
  const hex = createHash("sha256").update(text).digest("hex").slice(0, 32);
  return { path: `.sprockets-manifest-${hex}.json`, text };
}
