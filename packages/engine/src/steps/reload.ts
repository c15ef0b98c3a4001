import { reloadText } from "@deploy/core";
import { everyHost } from "../hosts/fan.ts";
import { runOn } from "./command.ts";
import { diagnosed } from "./diagnose.ts";
import type { Runner } from "./runner.ts";
import { waitingFor } from "./waiting.ts";

export const runner: Runner<"reload"> = {
  run: (context, step) =>
    waitingFor(context, step, (end) =>
      everyHost(
        context,
        step,
        step.hosts,
        async (link) => {
          const command = { ...step, run: reloadText(step), shown: step.run };
          const answer = await runOn(context, link, step, command, "current");
          end(link.host.name);
          return diagnosed(context, link, answer);
        },
        () => step.run,
      ),
    ),
  async undo(context, step, link, release) {
    if (release === null) return { status: "ok", value: 0 };
    const { back = step.run } = step;
    const command = { ...step, run: reloadText(step, back), shown: back };
    return runOn(context, link, { ...step, step: "revert" }, command, "current");
  },
};
