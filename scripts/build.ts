// `npm run build [-- ACTION…]`: one bundle per action below build/dist.
import { join } from "node:path";
import { listActions } from "./build/actions.ts";
import { build } from "./build/build.ts";
import { root } from "./lib/root.ts";

const known = listActions();
const asked = process.argv.slice(2);
const strangers = asked.filter((name) => !known.includes(name));
if (strangers.length > 0) {
  console.error(`There is no action ${strangers.join(", ")}; there are ${known.join(", ")}.`);
  process.exit(2);
}
const actions = asked.length > 0 ? asked : known;
await build(actions, join(root, "build", "dist"));
console.log(`built ${actions.length} actions: ${actions.join(", ")}`);
