import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/root.ts";

/** The actions that have sources, sorted: `actions/<name>/action.yml` and `src/main.ts`. */
export function listActions(): readonly string[] {
  const folder = join(root, "actions");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => ["action.yml", "src/main.ts"].every((file) => existsSync(join(folder, name, file))))
    .sort();
}
