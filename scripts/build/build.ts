import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/root.ts";
import { run } from "../lib/run.ts";
import { compile } from "./compile.ts";

/** Compiles, then bundles each action into `<out>/<action>/index.mjs`. Throws what the tools said. */
export async function build(actions: readonly string[], out: string): Promise<void> {
  await compile();
  const entries = actions.map((action) => ({
    main: join(root, "actions", action, "dist", "main.js"),
    folder: join(out, action),
  }));
  const shares = [0, 1].map((share) => entries.filter((_, index) => index % 2 === share));
  await Promise.all(shares.filter((share) => share.length > 0).map(bundle));
}

export interface Entry {
  /** Ends in `main.js`. */
  readonly main: string;
  /** Gets one self-contained ES module, and the licences of what it holds. */
  readonly folder: string;
}

/** One after the other in one process: the bundler is twice as fast when it is warm, and its bytes are the same. */
export async function bundle(entries: readonly Entry[]): Promise<void> {
  const args = entries.flatMap(({ main, folder }) => {
    // ncc writes an ES module only for an entry that says so in its name.
    const entry = main.replace(/main\.js$/, "entry.mjs");
    writeFileSync(entry, 'import "./main.js";\n');
    return [entry, folder];
  });
  const script = join(root, "scripts/build/bundle.ts");
  // It makes much garbage, and little of it lives long.
  const { code, output } = await run(process.execPath, ["--max-semi-space-size=64", script, ...args]);
  if (code !== 0) throw new Error(output);
}
