import { type Credential, storeCredential } from "../steps/credentials.ts";
import { kindOf } from "../steps/kinds.ts";
import { stepsOf } from "./stages.ts";
import type { Plan } from "./types.ts";

/** What a plan needs, beside what logs in: once for each use. */
export function credentialsOf(plan: Plan): readonly Credential[] {
  if (!plan.changed) return [];
  const all = [
    ...stepsOf(plan).flatMap((step) => kindOf(step).credentials?.(step) ?? []),
    ...storeCredential("the store of assets", plan.publish?.store),
  ];
  // Each wave asks for the same.
  return all.filter(({ name, use }, index) => {
    return all.findIndex((other) => other.name === name && other.use === use) === index;
  });
}
