import { DeployError, type Plan, planDigest } from "@deploy/core";

const schema = 3;

/** Reads a plan.json. Throws `plan-invalid` for anything but a plan that is equal to its own digest. */
export function parsePlan(text: string): Plan {
  const plan = parse(text);
  if (plan?.schema === schema && plan.digest === planDigest(plan)) return plan;
  if (typeof plan?.schema === "number" && plan.schema !== schema) throw otherVersion(plan.schema);
  throw new DeployError("plan-invalid", "The file given as the approved plan is not one that deploy wrote");
}

/** What was approved, from a plan.json's text, a digest, or both, which must then agree; undefined: nothing was. */
export function approvedPlan(
  text: string | undefined,
  digest: string | undefined,
): Plan | string | undefined {
  if (text === undefined) return digest;
  const plan = parsePlan(text);
  if (digest === undefined || digest === plan.digest) return plan;
  throw new DeployError("plan-changed", `plan.json has the digest ${plan.digest}, approved was ${digest}`);
}

function otherVersion(found: number): DeployError {
  return new DeployError(
    "plan-invalid",
    `The plan given as approved is of schema ${found}; this version of deploy carries out schema ${schema}`,
    { hint: "Plan again with the version of deploy that is to carry it out, and approve that plan." },
  );
}

function parse(text: string): Plan | undefined {
  try {
    return JSON.parse(text) as Plan;
  } catch {
    return undefined;
  }
}
