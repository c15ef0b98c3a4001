import { renderLine, sha256 } from "./manifest.ts";
import type { Entry } from "./types.ts";

/** Of each path the digest of all that is there, by name, mode and content; that of nothing where there is nothing. */
export function readsOf(
  paths: readonly string[],
  entries: readonly Entry[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    paths.map((path) => {
      const there = entries.filter((entry) => entry.path === path || entry.path.startsWith(`${path}/`));
      return [path, sha256(there.map(renderLine).join(""))];
    }),
  );
}
