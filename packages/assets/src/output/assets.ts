import { isUtf8 } from "node:buffer";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type Compressed, compressFiles } from "../compress/compress.ts";
import { suffixes } from "../compress/kinds.ts";
import { digestOf } from "../fingerprint/digest.ts";
import { bytesOf, type Draft } from "../fingerprint/draft.ts";
import type { Named } from "../fingerprint/fingerprint.ts";
import { inParallel } from "../fingerprint/parallel.ts";
import { byBytes } from "../fingerprint/paths.ts";
import { planFiles } from "../fingerprint/plan.ts";
import { replaced } from "../manifests/render.ts";
import type { AssetFile, AssetIndex, BuiltFile, Contents, FingerprintOptions } from "../types.ts";
import { contentTypeOf } from "./contentType.ts";
import { type Given, givenFor, splitGiven } from "./given.ts";
import { manifestsFor } from "./listing.ts";
import { checkPaths } from "./names.ts";
import { checkOverlap } from "./overlap.ts";
import { fingerprintsName, indexName, readOwned } from "./previous.ts";
import { replaceOutputs } from "./stage.ts";
import { changedOutputs, type Output } from "./target.ts";
import type { Written } from "./written.ts";

/**
 * Gives built files their final names and writes the output folder: the files, precompressed siblings, manifests,
 * `.deploy-fingerprints` (the paths of files named by content, a line each) and, last, the index. Equal files and
 * options give equal bytes, in whatever order they come. Nothing is written before everything is ready; what an
 * older run wrote and this one does not is removed; anything else in the folder stays.
 * Throws `asset-name`, `asset-clash`, `asset-reference`, `asset-unreadable`, `assets-output`.
 */
export async function writeAssets(
  files: readonly BuiltFile[],
  options: FingerprintOptions,
): Promise<AssetIndex> {
  checkPaths(files);
  const copied = files.flatMap(({ contents }) => (contents.kind === "file" ? [contents.absolute] : []));
  await checkOverlap(options.output, options.source, copied);
  const given = splitGiven(files);
  const named = await planFiles(given.files, options);
  const written = await withSiblings(await withMaps(named, options), given, options);
  const manifests = await manifestsFor(named, written, options);
  const shadowed = new Set(options.manifests.map((form) => replaced[form]));
  const listed = written.filter(({ file }) => !shadowed.has(file.path));
  const index: AssetIndex = {
    schema: 1,
    files: listed.map(({ file }) => file).sort((a, b) => byBytes(a.path, b.path)),
    manifests: manifests.map(({ path }) => path).sort(byBytes),
  };
  const outputs = [...outputsOf(listed), ...manifests.map(({ path, text }) => made(path, text))];
  await writeOutputs([...outputs, ...bookkeeping(index)], options);
  return index;
}

/** Files for ever first, then what names them, then manifests and, last, the index. */
function outputsOf(written: readonly Written[]): readonly Output[] {
  const ordered = written.toSorted((a, b) => Number(b.file.immutable) - Number(a.file.immutable));
  return ordered.map(({ file, contents }) => ({ ...file, contents }));
}

function bookkeeping(index: AssetIndex): readonly Output[] {
  const lasting = index.files.filter((file) => file.immutable && file.kept !== true);
  return [
    made(fingerprintsName, lasting.map(({ path }) => `${path}\n`).join("")),
    made(indexName, `${JSON.stringify(index, null, 1)}\n`),
  ];
}

async function writeOutputs(outputs: readonly Output[], options: FingerprintOptions): Promise<void> {
  checkPaths(outputs.map(({ path }) => ({ path, from: path })));
  const output = await realpath(options.output).catch(() => options.output);
  const owned = await readOwned(output);
  const changed = await changedOutputs(output, outputs, owned);
  options.signal?.throwIfAborted();
  await replaceOutputs(output, changed, outputs, owned, options.signal);
}

function made(path: string, text: string): Output {
  const bytes = Buffer.from(text);
  return { path, contents: { kind: "bytes", bytes }, ...digestOf(bytes) };
}

async function withMaps(
  named: readonly Named[],
  { sourceMaps }: FingerprintOptions,
): Promise<readonly Written[]> {
  const types = await inParallel(named, 8, ({ path, draft, contents }) => typeFor(path, draft, contents));
  return named.flatMap((each, at) => {
    const { draft, path, digest, immutable, contents, map, copy } = each;
    const { kind, before } = draft.file;
    const contentType = types[at] ?? "";
    const own = { logical: draft.path, path, kind, contentType, before, immutable, ...digest };
    const kept = kind === "map" && sourceMaps === "keep" ? { kept: true } : {};
    const written: Written = { file: { ...own, ...kept, ...(copy && { copy }) }, contents, named: each };
    if (map === undefined) return [written];
    const file: AssetFile = {
      ...{ logical: `${draft.path}.map`, path: `${path}.map`, kind: "map", before: map.length },
      contentType: contentTypeOf(`${path}.map`),
      // Only a name of ours says anything about the map's bytes.
      immutable: immutable && path !== draft.path,
      ...digestOf(map),
      ...(sourceMaps === "keep" ? { kept: true } : {}),
    };
    return [written, { file, contents: { kind: "bytes", bytes: map }, named: each }];
  });
}

/** Text is read once more, where it is no text that was read before: what is not UTF-8 must not be called so. */
async function typeFor(path: string, { file, text }: Draft, contents: Contents): Promise<string> {
  const type = contentTypeOf(path);
  if (text !== undefined || !type.endsWith("charset=utf-8")) {
    return contentTypeOf(path, text?.encoding !== "latin1");
  }
  return contentTypeOf(path, isUtf8(await bytesOf({ ...file, contents })));
}

async function withSiblings(
  written: readonly Written[],
  given: Given,
  options: FingerprintOptions,
): Promise<readonly Written[]> {
  const { cache, signal, precompress, onWarning = () => {} } = options;
  const inputs = written
    .filter(({ file }) => file.kept !== true)
    .map(({ file, contents, named }) => ({
      ...file,
      read: () => bytesOf({ ...named.draft.file, contents }),
    }));
  const compressed = await compressFiles(inputs, precompress, {
    ...(cache === undefined ? {} : { cache: join(cache, "compressed") }),
    ...(signal === undefined ? {} : { signal }),
  });
  const came = await inParallel(written, 8, (each) => givenFor(each, given, onWarning));
  return written.flatMap((each, at) => siblingsOf(each, compressed.get(each.file.path), came[at] ?? []));
}

/** Its own, and those that are made where none came with the tree. */
function siblingsOf(
  each: Written,
  compressed: Compressed | undefined,
  came: readonly Written[],
): readonly Written[] {
  if (compressed === undefined) return [each, ...came];
  const { bodies, ...sizes } = compressed;
  const wanted = bodies.filter(({ encoding }) => came.every(({ file }) => file.encoding !== encoding));
  const siblings = wanted.map(({ encoding, body }) => ({
    ...each,
    file: {
      ...each.file,
      logical: `${each.file.logical}${suffixes[encoding]}`,
      path: `${each.file.path}${suffixes[encoding]}`,
      encoding,
      before: body.length,
      ...digestOf(body),
    },
    contents: { kind: "bytes", bytes: body } as const,
  }));
  return [{ ...each, file: { ...each.file, ...sizes } }, ...came, ...siblings];
}
