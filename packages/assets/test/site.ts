import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "@jest/globals";
import type { AssetFile, AssetIndex, AssetKind } from "../src/types.ts";

const folders: string[] = [];

afterAll(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

export interface Site {
  readonly output: string;
  readonly index: AssetIndex;
}

/** An output folder with these files, and its index. A name with `-` and hex digits is a fingerprint. */
export async function site(
  files: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, Partial<AssetFile>>> = {},
): Promise<Site> {
  const output = await mkdtemp(join(tmpdir(), "deploy-assets-"));
  folders.push(output);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(output, path)), { recursive: true });
    await writeFile(join(output, path), text);
  }
  return { output, index: indexOfFiles(files, changes) };
}

export function indexOfFiles(
  files: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, Partial<AssetFile>>> = {},
): AssetIndex {
  const all = Object.entries(files).map(([path, text]) => ({ ...fileOf(path, text), ...changes[path] }));
  return { schema: 1, files: all, manifests: [] };
}

/** What the fingerprint room would say of this file. */
export function fileOf(path: string, text: string): AssetFile {
  const kind = kinds[path.split(".").at(-1) ?? ""] ?? "other";
  return {
    logical: path.replace(/-[0-9a-f]+\./, "."),
    path,
    kind,
    contentType: types[kind] ?? "application/octet-stream",
    immutable: /-[0-9a-f]+\./.test(path),
    size: Buffer.byteLength(text),
    before: Buffer.byteLength(text),
    sha256: createHash("sha256").update(text).digest("hex"),
    integrity: "",
  };
}

const kinds: Readonly<Record<string, AssetKind>> = {
  css: "css",
  js: "js",
  html: "html",
  map: "map",
  png: "image",
};
const types: Partial<Record<AssetKind, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  html: "text/html; charset=utf-8",
  image: "image/png",
};
