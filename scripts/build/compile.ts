import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listFiles } from "../lib/files.ts";
import { root } from "../lib/root.ts";
import { runNode } from "../lib/run.ts";

const emitted = join(root, "build", "js");

/**
 * TypeScript to JavaScript: every `packages/*` gets the `dist/` its package.json exports,
 * and `build/js/actions/*` the entries of the bundles. Throws with the compiler's words.
 */
export async function compile(): Promise<void> {
  rmSync(emitted, { recursive: true, force: true });
  const { code, output } = await runNode(join(root, "node_modules/typescript/bin/tsc"), [
    "-p",
    "tsconfig.build.json",
  ]);
  if (code !== 0) throw new Error(output);
  for (const room of ["packages", "actions"]) {
    for (const name of readdirSync(join(root, room))) placeDist(room, name);
  }
}

function placeDist(room: string, name: string): void {
  const from = join(emitted, room, name, "src");
  if (!existsSync(from)) return;
  const dist = join(root, room, name, "dist");
  rmSync(dist, { recursive: true, force: true });
  cpSync(from, dist, { recursive: true });
  for (const file of listFiles(dist)) keepInOneFile(join(dist, file));
}

/** Tells the bundler that what is loaded late still belongs into the one file; it is run late all the same. */
function keepInOneFile(file: string): void {
  const text = readFileSync(file, "utf8");
  // Not in comments: a comment within a comment would end it.
  const eager = text.replaceAll(/^(?!\s*(?:\*|\/\/)).*$/gm, (line) =>
    line.replaceAll(/\bimport\((?=["'])/g, 'import(/* webpackMode: "eager" */ '),
  );
  if (eager !== text) writeFileSync(file, eager);
}
