import { everyHost } from "../hosts/fan.ts";
import { runOn } from "./command.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"purge"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => runOn(context, link, step, step, "current"),
      () => step.run,
    ),
};
