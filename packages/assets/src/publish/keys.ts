import { DeployError } from "@deploy/core";
import type { AssetFile, AssetIndex } from "../types.ts";

/** Everything we keep in a store for ourselves lies below it; no asset may. */
export const ownFolder = ".deploy/";

/** S3 and the folder store both end here; a key's length is counted in bytes of UTF-8. */
const longestKey = 900;

/** The files of an index that are published: all but the source maps that are kept apart. Throws `asset-name`. */
export function publishedFiles(index: AssetIndex): readonly AssetFile[] {
  const files = index.files.filter(({ kept }) => kept !== true);
  const seen = new Set<string>();
  for (const { path } of files) {
    const why = seen.has(path) ? "is there twice" : whyNoKey(path);
    if (why !== undefined)
      throw new DeployError("asset-name", `${JSON.stringify(path)} cannot be published: it ${why}`);
    seen.add(path);
  }
  return files;
}

/** Why a path may not be a key of the store; undefined where it may. */
export function whyNoKey(path: string): string | undefined {
  if (path === "") return "is empty";
  if (hasControls(path) || /\p{Surrogate}/u.test(path)) return "has characters that cannot be in a URL";
  if (path.includes("\\")) return "has a backslash";
  if (path.startsWith("/")) return "begins with a slash";
  if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
    return "has an empty part, `.` or `..`";
  if (path.startsWith(ownFolder)) return `lies in ${ownFolder}, which is ours`;
  return Buffer.byteLength(path) > longestKey ? `is longer than ${longestKey} bytes` : undefined;
}

function hasControls(path: string): boolean {
  return [...path].some((letter) => letter < " " || letter === String.fromCodePoint(0x7f));
}
