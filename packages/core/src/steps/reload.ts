import { commandBrief, commandSteps, commandWords } from "./command.ts";
import type { StepKind } from "./kind.ts";
import { type ReloadCommand, reloadWords, serviceReloads } from "./service.ts";

/** What makes the application serve what `current` names now: its servers, commands in the live folder, and those that work off queues. */
export const reload: StepKind<ReloadCommand, "live"> = {
  stage: "wave",
  effect: "live",
  shell: "Leave it out: what is read from files anew for each visitor needs none.",
  lasts: true,
  proved: true,
  plan: (asked) => [
    ...serviceReloads(asked, false),
    ...commandSteps(asked.fleet.config.activate.reload, asked),
    ...serviceReloads(asked, true),
  ],
  words: (step) => `${reloadWords(step)}${commandWords(step)}`,
  brief: (step, style) =>
    [...(step.service === undefined ? [] : [style.plain(reloadWords(step))]), commandBrief(step, style)]
      .filter((part) => part !== "")
      .join(", "),
  commands: ({ run }) => [run],
};
