import { join } from "node:path";
import { root } from "../lib/root.ts";
import { bundle } from "./bundle.ts";

/** The folder of the command. */
export const command = "cli";

/** Bundles the actions into `<out>/<action>/index.mjs`, the command, and what they share. Throws what the bundler said. */
export function build(actions: readonly string[], out: string): Promise<void> {
  const sourceOf = (action: string) => join(root, "actions", action, "src", "main.ts");
  return bundle(
    [
      ...actions.map((action) => ({ source: sourceOf(action), folder: action })),
      { source: join(root, "packages", "cli", "src", "main.ts"), folder: command },
    ],
    out,
  );
}
