import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { untruths } from "../contributing/count.ts";
import type { Extension } from "../contributing/extension.ts";
import { extensions } from "../contributing/extensions.ts";
import { readTree } from "../contributing/tree.ts";
import { between, table } from "../lib/markdown.ts";
import { root } from "../lib/root.ts";

const page = "CONTRIBUTING.md";

/** The tables of what adding something takes. */
export async function generate(): Promise<Map<string, string>> {
  const text = await readFile(join(root, page), "utf8");
  return new Map([[page, extensions(readTree()).reduce(renderPlaces, text)]]);
}

/** Where the tree says something else. */
export async function problems(): Promise<readonly string[]> {
  const tree = readTree();
  return extensions(tree).flatMap((extension) => untruths(extension, tree));
}

function renderPlaces(text: string, { mark, places, limit, excess = 0 }: Extension): string {
  const rows = places.map(({ path, what }) => [path.includes(" ") ? path : `\`${path}\``, what]);
  const kept = excess === 0 ? "" : ", not kept yet";
  const count = `\nCounted: ${places.length}. Limit: ${limit}${kept}.\n`;
  return between(text, mark, `${table(["file", "what"], rows)}${count}`);
}
