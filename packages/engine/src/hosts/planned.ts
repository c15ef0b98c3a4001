import type { Facts, Plan, PlannedHost } from "@deploy/core";

export function plannedOf(plan: Plan, host: string): PlannedHost {
  const planned = plan.hosts.find((entry) => entry.host === host);
  if (planned === undefined) throw new Error(`${host} is not in the plan`);
  return planned;
}

export function factsOf(facts: readonly Facts[], host: string): Facts | undefined {
  return facts.find((entry) => entry.host === host);
}
