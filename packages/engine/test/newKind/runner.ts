import type { Step } from "@deploy/core";
import { everyHost } from "../../src/hosts/fan.ts";
import { runOn } from "../../src/steps/command.ts";
import type { Runner } from "../../src/steps/runner.ts";

/** And what it costs the engine. */
export const runner: Runner<Step["step"]> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => runOn(context, link, step, { run: "test ! -e ~/dark && touch ~/lamp" }, "current"),
      () => "lit",
    ),
  undo: (context, step, link) => runOn(context, link, step, { run: "rm -f ~/lamp" }, "current"),
};
