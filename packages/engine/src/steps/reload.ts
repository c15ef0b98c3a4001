import { reloadText } from "@deploy/core";
import { everyHost } from "../hosts/fan.ts";
import { runOn } from "./command.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"reload"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => runOn(context, link, step, { ...step, run: reloadText(step), shown: step.run }, "current"),
      () => step.run,
    ),
  async undo(context, step, link, release) {
    if (release === null) return { status: "ok", value: 0 };
    const { back = step.run } = step;
    const command = { ...step, run: reloadText(step, back), shown: back };
    return runOn(context, link, { ...step, step: "revert" }, command, "current");
  },
};
