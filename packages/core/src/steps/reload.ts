import { commandSteps, commandWords, type StepCommand } from "./command.ts";
import type { StepKind } from "./kind.ts";

/** A command in the live folder, so that the application serves what `current` names now. */
export const reload: StepKind<StepCommand, "live"> = {
  stage: "wave",
  effect: "live",
  lasts: true,
  proved: true,
  plan: (asked) => commandSteps(asked.fleet.config.activate.reload, asked),
  words: (step) => `in the live folder${commandWords(step)}`,
  commands: ({ run }) => [run],
};
