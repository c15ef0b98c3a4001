import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AssetIndex, type Built, buildAssets, runAssets } from "@deploy/assets";
import { defaultAssets } from "@deploy/core";
import type { Book } from "./books.ts";
import { fetchPackage } from "./fetch.ts";

/** A site of one book, built twice: as it is, and as `build-assets` makes it by default. */
export interface Twice {
  /** Document roots. */
  readonly before: string;
  readonly after: string;
  readonly index: AssetIndex;
  readonly warnings: readonly string[];
  close(): void;
}

export async function buildTwice(book: Book): Promise<Twice> {
  const root = mkdtempSync(join(tmpdir(), "deploy-shelf-"));
  const close = () => rmSync(root, { recursive: true, force: true });
  try {
    layBook(root, book);
    const common = { root, source: join(root, "assets"), loadPaths: [], compile: book.built !== true };
    const plain = await buildAssets({ ...common, minify: false, sourceMaps: false, html: false });
    const before = join(root, "before");
    writePlain(join(before, "assets"), plain);
    return { before, after: join(root, "public"), ...(await build(root, book)), close };
  } catch (error) {
    close();
    throw error;
  }
}

function layBook(root: string, { packages, lay = {}, files = {} }: Book): void {
  const modules = join(root, "node_modules");
  for (const spec of packages) {
    const at = join(modules, spec.replace(/(?<=.)@.*$/, ""));
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(fetchPackage(spec), at);
  }
  for (const [from, to] of Object.entries(lay)) {
    cpSync(join(modules, from), join(root, "assets", to), { recursive: true, dereference: true });
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, "assets", path)), { recursive: true });
    writeFileSync(join(root, "assets", path), text);
  }
}

function writePlain(folder: string, { files }: Built): void {
  for (const { path, contents } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (contents.kind === "bytes") writeFileSync(join(folder, path), contents.bytes);
    else cpSync(contents.absolute, join(folder, path));
  }
}

async function build(root: string, { built }: Book) {
  const warnings: string[] = [];
  const assets = { ...defaultAssets(), ...(built && { build: "none" }) };
  const { index } = await runAssets({
    ...{ assets, root, phase: "build", release: "r1", now: new Date(0) },
    ...{ dryRun: false, prune: false, credentials: false, signal: new AbortController().signal },
    command: async () => {},
    onPhase: () => {},
    onProgress: () => {},
    onWarning: (text, place) => warnings.push(`${place?.file}:${place?.line ?? ""} ${text}`),
  });
  return { index, warnings };
}
