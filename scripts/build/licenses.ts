import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/root.ts";

/** The name, licence and licence text of each package that these files (relative to the root) are from, by name. */
export function licensesOf(files: readonly string[]): string {
  const folders = files.flatMap((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []);
  const texts = [...new Set(folders)].map(describe);
  return [...new Set(texts)].sort().join("\n");
}

function describe(folder: string): string {
  const path = join(root, folder);
  const { name, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const file = readdirSync(path).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? "" : readFileSync(join(path, file), "utf8").trimEnd();
  return `${name}\n${license ?? ""}\n${text}\n`;
}
