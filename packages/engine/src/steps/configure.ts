import { everyHost } from "../hosts/fan.ts";
import { configureOn } from "./configureOn.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"configure"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => configureOn(context, link, { data: step, of: step, verb: "put" }),
      (detail) => detail,
    ),
  /** `current` leads to the old release by now, which has files of its own; what somebody wrote since the plan was made stays. */
  undo: (context, step, link) =>
    configureOn(context, link, {
      data: { ...step, drift: "keep" },
      of: { ...step, step: "revert" },
      verb: "put",
    }),
};
