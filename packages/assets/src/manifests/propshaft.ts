import { type Listing, type Manifest, mapped, sortedJson } from "./entry.ts";

/**
 * Propshaft's `.manifest.json`: `{"app.css": {"digested_path": …, "integrity": …}}`, as `Propshaft::Manifest.from_path`
 * reads it since 1.2 (lib/propshaft/manifest.rb). Versions before that know only plain strings and cannot read it.
 */
export function propshaftManifest({ entries }: Listing): Manifest {
  const value = mapped(entries, ({ path, integrity }) => ({ digested_path: path, integrity }));
  return { path: ".manifest.json", text: sortedJson(value) };
}
