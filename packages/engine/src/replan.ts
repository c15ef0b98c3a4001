import { DeployError, type Facts, type Plan, problemOf } from "@deploy/core";
import type { Fleet } from "./hosts/fleet.ts";
import { factsOf } from "./hosts/planned.ts";
import { probeFleet } from "./hosts/probe.ts";
import type { Control, Work } from "./types.ts";

/**
 * For a run that waited for the lock: the fleet is another by now, so it is read and planned again. What may not run
 * any more (approved was another plan) ends up in the plan's problems, and nothing is touched.
 */
export async function planAgain(fleet: Fleet, work: Work, control: Control): Promise<Work> {
  const { plan } = work;
  const { replan = sameAs(plan) } = control;
  const { files: sharedFiles, directories: sharedDirectories } = plan.shared;
  const question = { base: plan.deployTo, sharedFiles, sharedDirectories, journal: 0 };
  const facts = await probeFleet(fleet, question);
  try {
    return { ...work, facts, plan: replan(facts) };
  } catch (error) {
    return { ...work, facts, plan: { ...plan, problems: [problemOf(error)] } };
  }
}

/** Without a way to plan anew, the plan holds only while every host serves what it was made for. */
function sameAs(plan: Plan): (facts: readonly Facts[]) => Plan {
  return (facts) => {
    const moved = plan.hosts.filter(({ host, from }) => liveOn(facts, host) !== from).map(({ host }) => host);
    if (moved.length === 0) return plan;
    throw new DeployError("plan-changed", `While this run waited, ${moved.join(", ")} got another release`);
  };
}

function liveOn(facts: readonly Facts[], host: string): string | null | undefined {
  const found = factsOf(facts, host);
  if (found?.reached !== true) return undefined;
  if (found.current.kind === "release") return found.current.release;
  return found.current.kind === "none" ? null : undefined;
}
