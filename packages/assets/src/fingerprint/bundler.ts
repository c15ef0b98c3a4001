import { nameOf } from "./paths.ts";

/** Files a bundler's manifest lists, and whether their names came from their content. */
export type Listed = ReadonlyMap<string, boolean>;

/** Where bundlers write them: Vite, Laravel Mix, webpack-manifest-plugin, create-react-app. */
export const bundlerManifests = [
  ".vite/manifest.json",
  "manifest.json",
  "mix-manifest.json",
  "asset-manifest.json",
] as const;

/** What the manifest `text` lists of the tree; a web app manifest or anything else of that name lists nothing. */
export function listedBy(text: string, has: (path: string) => boolean): Listed {
  const listed = new Map<string, boolean>();
  for (const { path, plain } of mentions(parsed(text))) {
    const found = inTree(path, has);
    if (found !== undefined) listed.set(found, (listed.get(found) ?? true) && looksHashed(found, plain));
  }
  return listed;
}

interface Mention {
  readonly path: string;
  /** The name before the bundler's hash, where the manifest tells. */
  readonly plain: string;
}

function* mentions(manifest: unknown): Generator<Mention> {
  if (!isRecord(manifest) || "icons" in manifest || "start_url" in manifest) return;
  const entries = isRecord(manifest.files) ? manifest.files : manifest;
  for (const [key, value] of Object.entries(entries)) {
    if (typeof value === "string") yield { path: value, plain: key };
    else if (isRecord(value) && typeof value.file === "string") {
      const { src = key, css = [], assets = [] } = value;
      yield { path: value.file, plain: String(src) };
      for (const path of [css, assets].flat()) if (typeof path === "string") yield { path, plain: "" };
    }
  }
}

/** The manifest's path without origin, query and the leading folders that are where it is served from. */
function inTree(path: string, has: (path: string) => boolean): string | undefined {
  const plain = path.replace(/^(?:[a-z]+:)?\/\/[^/]*/i, "").replace(/[?#].*$/, "");
  const segments = plain.split("/").filter((segment) => segment !== "" && segment !== ".");
  for (let skip = 0; skip < segments.length; skip++) {
    const candidate = segments.slice(skip).join("/");
    if (has(candidate)) return candidate;
  }
  return undefined;
}

const loose = /[-._]([A-Za-z0-9_-]{8,64})(?=\.|$)/;

function looksHashed(path: string, plain: string): boolean {
  return loose.test(nameOf(path)) && stemOf(path) !== stemOf(plain);
}

function stemOf(path: string): string {
  return nameOf(path).replace(/\.[^.]*$/, "");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
