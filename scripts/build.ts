// `npm run build`: every action, bundled below build/dist.
import { join } from "node:path";
import { listActions } from "./build/actions.ts";
import { build } from "./build/build.ts";
import { root } from "./lib/root.ts";

const actions = listActions();
await build(actions, join(root, "build", "dist"));
console.log(`built ${actions.length} actions: ${actions.join(", ")}`);
