import { comparePlans, DeployError, type Plan } from "@deploy/core";

/** What runs is what was approved: throws `plan-changed` that says what became different. */
export function verifyPlan(approved: Plan | string, fresh: Plan): void {
  const changes =
    typeof approved === "string"
      ? approved === fresh.digest
        ? []
        : [`the digest is ${fresh.digest}, approved was ${approved}`]
      : comparePlans(approved, fresh);
  if (changes.length === 0) return;
  throw new DeployError("plan-changed", `This is not the plan that was approved: ${changes.join("; ")}`);
}
