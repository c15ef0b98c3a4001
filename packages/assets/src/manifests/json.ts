import { encodePath } from "../fingerprint/paths.ts";
import { type Listing, type Manifest, mapped, sortedJson } from "./entry.ts";

/**
 * `{"css/app.css": {"path": …, "integrity": …, "size": …}}`, with `url` where a base URL is known. A tree with a
 * `manifest.json` of its own (a web app's, webpack's) keeps that; ours is then `assets-manifest.json`.
 */
export function jsonManifest({ entries, baseUrl, existing }: Listing): Manifest {
  const value = mapped(entries, ({ path, integrity, size }) => ({
    path,
    integrity,
    size,
    ...(baseUrl === undefined ? {} : { url: `${baseUrl}/${encodePath(path)}` }),
  }));
  const taken = existing("manifest.json") !== undefined;
  return { path: taken ? "assets-manifest.json" : "manifest.json", text: sortedJson(value) };
}
