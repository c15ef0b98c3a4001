import { everyHost } from "../hosts/fan.ts";
import { plannedOf } from "../hosts/planned.ts";
import { runOn } from "./command.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"quiet"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      async (link) =>
        plannedOf(context.plan, link.host.name).from === null
          ? { status: "ok", value: 0 }
          : runOn(context, link, step, step, "current"),
      () => step.service,
    ),
  /** Its service is started again by the undo of its reload. */
  undo: async () => ({ status: "ok", value: 0 }),
};
