import { commandSteps, commandWords, type StepCommand } from "./command.ts";
import type { StepKind } from "./kind.ts";

/** Caches forget what was served before. The release is proved and stays, whatever comes of it. */
export const purge: StepKind<StepCommand, "nothing"> = {
  stage: "finish",
  effect: "nothing",
  shell: "Run it in a job after this one.",
  lasts: false,
  plan(asked) {
    const { config } = asked.fleet;
    if (asked.plan === "reconcile") return [];
    return (config.activate.purge ?? []).flatMap((one) =>
      commandSteps([one], one.once === true ? { ...asked, hosts: [config.leader] } : asked),
    );
  },
  words: (step) => `in the live folder${commandWords(step)}`,
  commands: ({ run }) => [run],
};
