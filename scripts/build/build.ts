import { join } from "node:path";
import { root } from "../lib/root.ts";
import { bundle } from "./bundle.ts";

/** Bundles each action into `<out>/<action>/index.mjs`. Throws what the bundler said. */
export async function build(actions: readonly string[], out: string): Promise<void> {
  for (const action of actions)
    await bundle(join(root, "actions", action, "src", "main.ts"), join(out, action));
}
