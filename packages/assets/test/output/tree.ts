import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "@jest/globals";
import type { AssetIndex, AssetKind, BuiltFile, FingerprintOptions } from "../../src/index.ts";
import { writeAssets } from "../../src/index.ts";

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder, gone after the test. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "assets-"));
  made.push(folder);
  return folder;
}

const kinds: Readonly<Record<string, AssetKind>> = {
  css: "css",
  js: "js",
  mjs: "js",
  html: "html",
  svg: "svg",
  png: "image",
  jpg: "image",
  woff2: "font",
  map: "map",
};

export function built(path: string, text: string, map?: object): BuiltFile {
  const bytes = Buffer.from(text);
  return {
    path,
    kind: kinds[path.split(".").at(-1) ?? ""] ?? "other",
    from: path,
    before: bytes.length,
    contents: { kind: "bytes", bytes },
    ...(map === undefined ? {} : { map: Buffer.from(JSON.stringify(map)) }),
  };
}

export function builtFiles(files: Readonly<Record<string, string>>): readonly BuiltFile[] {
  return Object.entries(files).map(([path, text]) => built(path, text));
}

export interface Wrote {
  readonly index: AssetIndex;
  readonly output: string;
  /** Final path to text, without our own record. */
  readonly texts: Readonly<Record<string, string>>;
  /** Logical to final path. */
  readonly names: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** Writes into a fresh folder (or the one told) and reads everything back. */
export async function write(
  files: Readonly<Record<string, string>> | readonly BuiltFile[],
  options: Partial<FingerprintOptions> = {},
): Promise<Wrote> {
  const output = options.output ?? join(temporary(), "out");
  const warnings: string[] = [];
  const index = await writeAssets(
    Array.isArray(files) ? files : builtFiles(files as Record<string, string>),
    {
      output,
      fingerprint: "all",
      precompress: [],
      sourceMaps: "publish",
      manifests: [],
      onWarning: (text, { file, line, column }) =>
        warnings.push(line === undefined ? `${file}: ${text}` : `${file}:${line}:${column}: ${text}`),
      ...options,
    },
  );
  const names = Object.fromEntries(index.files.map(({ logical, path }) => [logical, path]));
  return { index, output, texts: readTree(output), names, warnings };
}

export function readTree(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile() && !path.startsWith(".deploy-"));
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

export function makeTree(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Codes and places of what a run was refused with. */
export async function refusals(run: Promise<unknown>): Promise<readonly string[]> {
  try {
    await run;
    return [];
  } catch (error) {
    const { problems, problem } = error as { problems?: Told[]; problem?: Told };
    const all = problems ?? (problem === undefined ? [] : [problem]);
    if (all.length === 0) throw error;
    return all.map(({ code, message, place: { file, path, line, column } }) =>
      [code, [file ?? path, line, column].filter((part) => part !== undefined).join(":"), message].join(
        " | ",
      ),
    );
  }
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly place: { file?: string; path?: string; line?: number; column?: number };
}
