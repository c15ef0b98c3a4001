import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { isLfsPointer, largestPointer, submodulesIn } from "@deploy/core";
import type { SourceFile } from "../types.ts";

/** Paths of files in whose place Git LFS left a pointer. */
export function lfsPointers(files: readonly SourceFile[]): readonly string[] {
  const small = files.filter(({ size }) => size > 100 && size <= largestPointer);
  return small.filter(({ absolute }) => isLfsPointer(read(absolute))).map(({ path }) => path);
}

/** The submodules below `source` that hold nothing, by their paths in it. */
export function emptySubmodules(source: string): readonly string[] {
  const root = repositoryOf(resolve(source));
  if (root === undefined) return [];
  const paths = submodulesIn(read(join(root, ".gitmodules")).toString("utf8"));
  const empty = paths.filter((path) => isEmpty(join(root, path)));
  return empty.map((path) => relative(source, join(root, path))).filter((path) => !path.startsWith(".."));
}

function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, ".gitmodules"))) return folder;
  const above = dirname(folder);
  return above === folder || existsSync(join(folder, ".git")) ? undefined : repositoryOf(above);
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

/** One that cannot be read is told where it is built. */
function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
