import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listActions } from "../build/actions.ts";
import { root } from "../lib/root.ts";

interface DeclaredInput {
  readonly description: string;
  readonly default?: string;
}

const head = "inputs:\n";
const note = "  # Written by `npm run generate` from src/inputs.ts.\n";

/** Every action.yml with the inputs that its action declares; everything else in it is written by hand. */
export async function generate(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of listActions()) {
    const { declared } = await import(join(root, "actions", name, "src/inputs.ts"));
    const path = join("actions", name, "action.yml");
    files.set(path, renderManifest(await readFile(join(root, path), "utf8"), declared.table));
  }
  return files;
}

/** Pure: puts the inputs between `inputs:` and `outputs:`. Throws where one is missing. */
export function renderManifest(manifest: string, inputs: Readonly<Record<string, DeclaredInput>>): string {
  const [from, to] = [manifest.indexOf(`\n${head}`), manifest.indexOf("\noutputs:\n")];
  if (from < 0 || to < from) throw new Error("`inputs:` or `outputs:` is missing");
  const entries = Object.entries(inputs).map(([name, { description, default: fallback }]) => {
    const more = fallback === undefined ? "" : `    default: ${JSON.stringify(fallback)}\n`;
    return `  ${name}:\n    description: ${JSON.stringify(description)}\n${more}`;
  });
  return `${manifest.slice(0, from + 1)}${head}${note}${entries.join("")}${manifest.slice(to + 1)}`;
}
