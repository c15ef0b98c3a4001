import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../scripts/lib/root.ts";

/** Names of an action's inputs and outputs, as its action.yml has them. */
export function readManifest(action: string): {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
} {
  const { inputs, outputs } = parse(readFileSync(join(root, "actions", action, "action.yml"), "utf8"));
  return { inputs: Object.keys(inputs), outputs: Object.keys(outputs) };
}
