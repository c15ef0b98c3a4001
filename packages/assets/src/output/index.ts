import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import type { AssetFile, AssetIndex } from "../types.ts";
import { isSafe } from "./names.ts";
import { indexName } from "./previous.ts";

/** Reads what `writeAssets` left in the output folder, in a later step. Throws `assets-missing`, `assets-output`. */
export async function readIndex(output: string): Promise<AssetIndex> {
  let text: string;
  try {
    text = await readFile(join(output, indexName), "utf8");
  } catch (error) {
    const hint = "Run the build first, and pass its output folder on.";
    throw new DeployError("assets-missing", `There are no built assets in "${output}"`, {
      hint,
      cause: error,
    });
  }
  const index = parsed(text);
  if (isIndex(index)) return index;
  throw new DeployError("assets-output", `"${join(output, indexName)}" is no record of this version`, {
    hint: "Build the assets again with this version.",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isIndex(value: unknown): value is AssetIndex {
  if (typeof value !== "object" || value === null) return false;
  const { schema, files, manifests } = value as Partial<Record<keyof AssetIndex, unknown>>;
  return (
    schema === 1 &&
    Array.isArray(files) &&
    files.every(isFile) &&
    Array.isArray(manifests) &&
    manifests.every((path) => typeof path === "string" && isSafe(path))
  );
}

/** Another step wrote it, so its paths are data: one that leads out of the folder would publish any file. */
function isFile(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const file = value as Partial<Record<keyof AssetFile, unknown>>;
  const texts = [file.logical, file.path, file.kind, file.contentType, file.sha256, file.integrity];
  return (
    texts.every((each) => typeof each === "string") &&
    isSafe(String(file.path)) &&
    typeof file.immutable === "boolean" &&
    [file.size, file.before].every(Number.isSafeInteger)
  );
}
