import type { ToolUse } from "../types.ts";
import type { Made } from "./made.ts";

/** How many of these files each tool worked on, sorted by name. */
export function countTools(made: readonly Made[]): readonly ToolUse[] {
  const uses = new Map<string, ToolUse>();
  for (const { name, version, from } of made.flatMap(({ tools }) => tools)) {
    const key = `${name} ${version} ${from}`;
    uses.set(key, { name, version, from, files: (uses.get(key)?.files ?? 0) + 1 });
  }
  return [...uses.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}
