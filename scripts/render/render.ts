import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkReference, type RenderOptions } from "./options.ts";
import { isReleaseTree } from "./package.ts";
import { releaseTree } from "./tree.ts";

export type { RenderOptions } from "./options.ts";

/** Writes the release tree into `out`, replacing an earlier one; refuses any other folder. Returns its size in files. */
export function render(options: RenderOptions): number {
  checkReference(options);
  const tree = releaseTree(options);
  clear(options.out);
  for (const [path, bytes] of tree) {
    const file = join(options.out, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes, { mode: 0o644 });
  }
  return tree.size;
}

function clear(out: string): void {
  if (!existsSync(out) || readdirSync(out).length === 0) return;
  const marker = join(out, "package.json");
  if (!existsSync(marker) || !isReleaseTree(readFileSync(marker, "utf8"))) {
    throw new Error(`--out: ${out} holds something that is no release tree; it is left alone`);
  }
  rmSync(out, { recursive: true });
}
