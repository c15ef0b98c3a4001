import { count } from "../plan/words.ts";
import { commandBrief, commandSteps, commandWords, type StepCommand } from "./command.ts";
import type { StepKind } from "./kind.ts";
import { serviceTests } from "./service.ts";

/** A command in the new release's folder, before anybody switches. */
export const prepare: StepKind<StepCommand, "nothing"> = {
  stage: "prepare",
  effect: "nothing",
  lasts: false,
  plan: (asked) => [...commandSteps(asked.fleet.config.prepare, asked), ...serviceTests(asked)],
  words: (step) => `in the new release folder${commandWords(step)}`,
  brief: commandBrief,
  commands: ({ run, shown = run }) => [shown],
  headline: (steps) => count(steps.length, "prepare command"),
};
