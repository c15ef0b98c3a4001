import type { Step } from "@deploy/core";
import type { Runner } from "./runner.ts";
import { runners } from "./runners.gen.ts";

/** A step goes with its own runner: what one is given the other takes. */
export function runnerOf({ step }: Pick<Step, "step">): Runner<Step["step"]> {
  return runners[step] as unknown as Runner<Step["step"]>;
}
