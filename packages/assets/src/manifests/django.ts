import { createHash } from "node:crypto";
import { byBytes } from "../fingerprint/paths.ts";
import { type Listing, type Manifest, mapped, sortedJson } from "./entry.ts";

/**
 * Django's `staticfiles.json`, version 1.1, as `ManifestFilesMixin.load_manifest` reads it
 * (django/contrib/staticfiles/storage.py). `hash` is what its `save_manifest` computes: 12 hex of the MD5 of
 * `json.dumps(sorted(paths.items()))`.
 */
export function djangoManifest({ entries }: Listing): Manifest {
  const items = entries
    .map(({ logical, path }) => [logical, path] as const)
    .sort(([a], [b]) => byBytes(a, b));
  const hash = createHash("md5").update(pythonJson(items)).digest("hex").slice(0, 12);
  const value = { version: "1.1", hash, paths: mapped(entries, ({ path }) => path) };
  return { path: "staticfiles.json", text: sortedJson(value) };
}

function pythonJson(items: readonly (readonly [string, string])[]): string {
  return `[${items.map(([key, value]) => `[${pythonString(key)}, ${pythonString(value)}]`).join(", ")}]`;
}

/** As `ensure_ascii` has it. */
function pythonString(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
