import { bytesOf, largestText, sizeOf } from "../fingerprint/draft.ts";
import type { Named } from "../fingerprint/fingerprint.ts";
import { inParallel } from "../fingerprint/parallel.ts";
import { byBytes } from "../fingerprint/paths.ts";
import type { Manifest, ManifestEntry } from "../manifests/entry.ts";
import { renderManifests, replaced } from "../manifests/render.ts";
import type { FingerprintOptions } from "../types.ts";
import type { Written } from "./written.ts";

/** The manifests asked for: of all files that are published, without precompressed siblings and copies. */
export async function manifestsFor(
  named: readonly Named[],
  written: readonly Written[],
  options: Pick<FingerprintOptions, "manifests" | "baseUrl">,
): Promise<readonly Manifest[]> {
  const shadowed = new Set(options.manifests.map((form) => replaced[form]));
  const existing = await readManifests(named, ["manifest.json", ...shadowed]);
  const entries = written
    .filter(({ file }) => [file.kept, file.encoding, file.copy].every((each) => !each))
    .filter(({ file }) => !shadowed.has(file.path))
    .map(entryOf)
    .sort((a, b) => byBytes(a.logical, b.logical));
  return renderManifests(options.manifests, {
    entries,
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl.replace(/\/+$/, "") }),
    existing: (path) => existing.get(path),
  });
}

async function readManifests(
  named: readonly Named[],
  paths: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const found = named.filter(({ draft }) => paths.includes(draft.path) && sizeOf(draft.file) <= largestText);
  const texts = await inParallel(found, 4, async ({ draft }) => {
    return [draft.path, Buffer.from(await bytesOf(draft.file)).toString("utf8")] as const;
  });
  return new Map(texts);
}

function entryOf({ file, named }: Written): ManifestEntry {
  const { logical, path, kind, size, sha256, integrity } = file;
  const isMap = named.draft.path !== logical;
  const naming = (kind: "import" | "dynamic") => [
    ...new Set(
      named.links.filter(({ reference }) => reference.kind === kind && !isMap).map(({ target }) => target),
    ),
  ];
  return {
    logical,
    path,
    from: named.draft.file.from,
    kind,
    size,
    sha256,
    integrity,
    imports: naming("import"),
    dynamicImports: naming("dynamic"),
  };
}
