import type { Facts } from "../facts.ts";
import { isMigration } from "../plan/jobs.ts";
import { stepsOf } from "../plan/stages.ts";
import { kindOf } from "../steps/kinds.ts";
import { effectOf, type RunFacts } from "./result.ts";
import type { Migrated } from "./types.ts";

/** From this run's own steps; where it was not asked for them, from what the leader knew when it began. */
export function wasMigrated(run: RunFacts & { readonly facts?: readonly Facts[] }): Migrated {
  const { plan, phases, outcomes } = run;
  const planned = stepsOf(plan).filter(
    (step) => kindOf(step).effect === "data" && kindOf(step).stage === "data",
  );
  if (planned.length === 0) return "none";
  const ended = outcomes.filter((outcome) => effectOf(outcome) === "data" && outcome.status !== "skipped");
  if (ended.some(({ status }) => status === "unknown")) return "unknown";
  if (ended.some(({ status }) => status === "failed")) return "failed";
  if (ended.length > 0) return run.dryRun === true ? "no" : "yes";
  if (phases === undefined || phases.includes("data")) return "no";
  return knownBefore(run);
}

function knownBefore({ plan, facts = [] }: Parameters<typeof wasMigrated>[0]): Migrated {
  const leader = facts.find(({ host }) => host === plan.leader);
  if (leader?.reached !== true) return "unknown";
  const jobs = (leader.jobs ?? []).filter((job) => job.release === plan.release && isMigration(job));
  return jobs.some(({ state, code }) => state === "done" && code === 0) ? "yes" : "unknown";
}
