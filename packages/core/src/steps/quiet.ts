import { commandWords, type StepCommand } from "./command.ts";
import type { StepKind } from "./kind.ts";
import { serviceQuiets } from "./service.ts";

export interface QuietStep extends StepCommand {
  readonly service: string;
}

/** Workers take nothing new, and have until they are started again to end what they have begun. */
export const quiet: StepKind<QuietStep, "live"> = {
  stage: "wave",
  effect: "live",
  shell: "Leave the service out: nothing of ours runs there.",
  lasts: true,
  plan: serviceQuiets,
  words: (step) => `${step.service} takes no new jobs until it is started again${commandWords(step)}`,
  commands: ({ run }) => [run],
};
