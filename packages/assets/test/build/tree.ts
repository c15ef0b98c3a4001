import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Problem } from "@deploy/core";
import { afterEach } from "@jest/globals";
import { type BuildOptions, type Built, type BuiltFile, buildAssets } from "../../src/index.ts";

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A repository of these files in a temporary folder, gone after the test. */
export function makeTree(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "assets-")));
  made.push(root);
  addFiles(root, files);
  return root;
}

export function addFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Builds `assets` of a repository: nothing minified, no maps, unless told. */
export function build(root: string, options: Partial<BuildOptions> = {}): Promise<Built> {
  return buildAssets({
    root,
    source: join(root, "assets"),
    minify: false,
    sourceMaps: false,
    html: false,
    loadPaths: [],
    ...options,
  });
}

/** What was made, by path: text, or `file` for what is only copied. */
export function texts({ files }: Built): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file.path, textOf(file)]));
}

export function textOf({ contents }: BuiltFile): string {
  return contents.kind === "file" ? "file" : Buffer.from(contents.bytes).toString();
}

export function mapOf(built: Built, path: string): { sources: string[]; sourcesContent: string[] } & object {
  const file = built.files.find((one) => one.path === path);
  return JSON.parse(Buffer.from(file?.map ?? "null").toString());
}

/** All problems a build was refused with. */
export async function problemsOf(building: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await building;
    return [];
  } catch (error) {
    const { problems, problem } = error as { problems?: Problem[]; problem?: Problem };
    if (problems === undefined && problem === undefined) throw error;
    return problems ?? (problem ? [problem] : []);
  }
}

/** Code and place, which is what an annotation is made of. */
export async function placesOf(building: Promise<unknown>): Promise<readonly string[]> {
  return (await problemsOf(building)).map(({ code, place }) =>
    [code, [place.file, place.line, place.column].filter((part) => part !== undefined).join(":")].join(" "),
  );
}
