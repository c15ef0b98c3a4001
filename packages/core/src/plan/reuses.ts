import { requirementKey } from "../steps/requirement.ts";
import type { FleetFacts } from "./fleet.ts";
import { stepsOf } from "./stages.ts";
import type { Plan, Reuse } from "./types.ts";

/** Which hosts hold what a prepare command would make again. */
export function reusesOf(
  { reached }: FleetFacts,
  plan: Pick<Plan, "stages" | "artifact" | "release">,
): Pick<Plan, "reuses"> {
  const reuses = stepsOf(plan).flatMap((step): readonly Reuse[] => {
    if (!("requirement" in step)) return [];
    const wanted = requirementKey(step, plan.artifact);
    if (wanted === undefined) return [];
    return step.hosts.flatMap((host) => {
      const made = reached
        .find((facts) => facts.host === host)
        ?.releases.filter(({ id }) => id !== plan.release)
        .flatMap((release) => release.made ?? [])
        .findLast(({ key, reads }) => key === wanted.key && reads === wanted.reads);
      return made === undefined ? [] : [{ host, run: step.run, since: made.since }];
    });
  });
  return reuses.length === 0 ? {} : { reuses };
}
