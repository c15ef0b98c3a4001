import type { Plan, PlannedHost, Step } from "@deploy/core";

export function stepsOf<Name extends Step["step"]>(
  plan: Plan,
  name: Name,
): readonly Extract<Step, { step: Name }>[] {
  return plan.steps.filter((step): step is Extract<Step, { step: Name }> => step.step === name);
}

export function plannedOf(plan: Plan, host: string): PlannedHost {
  const planned = plan.hosts.find((entry) => entry.host === host);
  if (planned === undefined) throw new Error(`${host} is not in the plan`);
  return planned;
}
