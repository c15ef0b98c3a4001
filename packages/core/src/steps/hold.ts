import type { StepKind } from "./kind.ts";

export interface HoldStep {
  /** Why nobody goes on by himself, as the end of `held: `. */
  readonly why: string;
}

/** Its hosts keep the release, and the others what they serve, until a person says which it is. */
export const hold: StepKind<HoldStep, "nothing"> = {
  stage: "wave",
  effect: "nothing",
  lasts: false,
  keeps: true,
  plan: ({ hosts, wave }) => (wave?.holds === true ? [{ hosts, why: "`canary.then` is hold" }] : []),
  words: () =>
    "the release stays there, and the others as they are, until a person says: the same deploy again goes on, a rollback goes back",
  headline: () => "held there",
};
