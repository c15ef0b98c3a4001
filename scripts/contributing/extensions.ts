import type { Tree } from "./count.ts";
import type { Extension } from "./extension.ts";
import { action } from "./kinds/action.ts";
import { database } from "./kinds/database.ts";
import { key } from "./kinds/key.ts";
import { method } from "./kinds/method.ts";
import { pool } from "./kinds/pool.ts";
import { reloader } from "./kinds/reloader.ts";
import { step } from "./kinds/step.ts";
import { strategy } from "./kinds/strategy.ts";

/** Everything of which there will be more, in the order of CONTRIBUTING.md. */
export function extensions(tree: Tree): readonly Extension[] {
  return [step, strategy, method, database, reloader, pool, action, key(tree)];
}
