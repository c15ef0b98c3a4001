import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inPool } from "../lib/pool.ts";
import { root } from "../lib/root.ts";
import { runNode } from "../lib/run.ts";
import { compile } from "./compile.ts";

/** Compiles, then bundles each action into `<out>/<action>/index.mjs`. Throws what the tools said. */
export async function build(actions: readonly string[], out: string): Promise<void> {
  await compile();
  await inPool(2, actions, (action) =>
    bundle(join(root, "actions", action, "dist", "main.js"), join(out, action)),
  );
}

/** One self-contained ES module, and the licences of what it holds, in `folder`. */
export async function bundle(main: string, folder: string): Promise<void> {
  // ncc writes an ES module only for an entry that says so in its name.
  const entry = main.replace(/main\.js$/, "entry.mjs");
  writeFileSync(entry, 'import "./main.js";\n');
  const { code, output } = await runNode(join(root, "scripts/build/bundle.ts"), [entry, folder]);
  if (code !== 0) throw new Error(output);
}
