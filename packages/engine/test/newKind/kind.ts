import type { StepKind } from "@deploy/core";

/** What a new kind of step costs pure code: this file, and its name among the others. */
export const lamp: StepKind<{ readonly colour: string }, "live"> = {
  stage: "wave",
  effect: "live",
  lasts: false,
  plan: ({ hosts }) => [{ hosts, colour: "green" }],
  words: ({ colour }) => `a ${colour} lamp is lit`,
  headline: () => "lamp",
};
