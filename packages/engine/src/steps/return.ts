import { everyHost } from "../hosts/fan.ts";
import { comeBack } from "../pools/leave.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"return"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => comeBack(context, step.pool, link),
      (detail) => detail,
    ),
  undo: (context, step, link) => comeBack(context, step.pool, link),
};
