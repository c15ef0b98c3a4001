import { commandSteps, commandWords } from "./command.ts";
import type { StepKind } from "./kind.ts";
import { type ReloadCommand, reloadWords, serviceReloads } from "./service.ts";

/** What makes the application serve what `current` names now: its servers, then commands in the live folder. */
export const reload: StepKind<ReloadCommand, "live"> = {
  stage: "wave",
  effect: "live",
  lasts: true,
  proved: true,
  plan: (asked) => [...serviceReloads(asked), ...commandSteps(asked.fleet.config.activate.reload, asked)],
  words: (step) => `${reloadWords(step)}${commandWords(step)}`,
  commands: ({ run }) => [run],
};
