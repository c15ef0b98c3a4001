import type { StepKind } from "./kind.ts";

/** `current` is replaced on all hosts of the step together, or on none. */
export const switchOver: StepKind<object, "live"> = {
  stage: "wave",
  effect: "live",
  lasts: true,
  plan: ({ hosts }) => [{ hosts }],
  words: ({ hosts }) =>
    hosts.length === 1 ? "current is replaced" : "current is replaced on all of them together",
  brief: ({ hosts }, { code }) =>
    `${code("current")} is replaced${hosts.length === 1 ? "" : ", all together"}`,
  headline: (steps) =>
    steps.length > 1
      ? `switch in ${steps.length} waves`
      : steps[0]?.hosts.length === 1
        ? "switch"
        : "switch together",
};
