import type { Step } from "@deploy/core";
import { backUpOnce } from "./backup.ts";
import type { Context } from "./context.ts";
import { everyHost } from "./fan.ts";
import { migrateOnce } from "./migrate.ts";
import { stepsOf } from "./planned.ts";

/** On the leader: a verified backup, then the migration, once. Without the first there is no second. */
export async function changeData(context: Context): Promise<boolean> {
  for (const step of stepsOf(context.plan, "backup")) {
    if (context.stopped() || !(await backUp(context, step))) return false;
  }
  for (const step of stepsOf(context.plan, "migrate")) {
    if (context.stopped() || !(await migrate(context, step))) return false;
  }
  return true;
}

function migrate(context: Context, step: Extract<Step, { step: "migrate" }>): Promise<boolean> {
  return everyHost(
    context,
    "migrate",
    step.hosts,
    (link) => migrateOnce(context, link, step),
    (detail) => detail,
  );
}

function backUp(context: Context, step: Extract<Step, { step: "backup" }>): Promise<boolean> {
  return everyHost(
    context,
    "backup",
    step.hosts,
    (link) => backUpOnce(context, link, step),
    (told) => told,
  );
}
