import { everyHost } from "../hosts/fan.ts";
import { runOn } from "./command.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"reload"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => runOn(context, link, step, step, "current"),
      () => step.run,
    ),
  async undo(context, step, link, release) {
    if (release === null) return { status: "ok", value: 0 };
    return runOn(context, link, { ...step, step: "revert" }, step, "current");
  },
};
