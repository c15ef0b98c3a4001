import type { AssetFile } from "../types.ts";

/**
 * The paths a cache may have these files under, not percent-encoded, each with a leading `/`: below the path of the
 * base URL, and `…/` beside `…/index.html`.
 */
export function purgePaths(files: readonly AssetFile[], baseUrl?: string): readonly string[] {
  const base = basePath(baseUrl);
  const paths = files.flatMap(({ path }) => {
    const folder = path.replace(/(^|\/)index\.html$/, "$1");
    return folder === path ? [path] : [path, folder];
  });
  return [...new Set(paths.map((path) => `${base}/${path}`))];
}

function basePath(baseUrl: string | undefined): string {
  if (baseUrl === undefined) return "";
  const path = URL.parse(baseUrl, "https://localhost")?.pathname.replace(/\/+$/, "") ?? "";
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
