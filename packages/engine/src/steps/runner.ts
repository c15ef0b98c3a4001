import type { StepName, StepOf, UndoneStepName } from "@deploy/core";
import type { Context } from "../context.ts";
import type { Answer } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";

/** Carries out one kind of step. */
export interface Runner<Name extends StepName> {
  /** True: ok on each of its hosts. All adjacent steps at once where their kind goes `together`, else one. */
  run(context: Context, ...steps: readonly [StepOf<Name>, ...StepOf<Name>[]]): Promise<boolean>;
  /** What the step does on the way back, on one host that is to serve `release` again (null: nothing); in the plan's order. */
  undo?(context: Context, step: StepOf<Name>, link: Link, release: string | null): Promise<Answer<unknown>>;
}

/** What a step that proves says on the way back where nothing is wrong and nothing is proved: the release never told its id. */
export const unproved = Symbol("unproved");

/** What changes what a host serves, or whether it is asked, can be taken back, or it does not compile. */
export type Runners = {
  readonly [Name in StepName]: Runner<Name> &
    (Name extends UndoneStepName ? Required<Pick<Runner<Name>, "undo">> : unknown);
};
