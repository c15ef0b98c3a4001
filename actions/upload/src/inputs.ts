import { type FleetInputs, fleetInputs, type InputReader, readFleetInputs } from "@deploy/action-kit";

export interface Inputs extends FleetInputs {
  /** Workflow artifact of the pack action. */
  readonly packed: string | undefined;
  /** Approved: a plan.json or the workflow artifact of the plan action. */
  readonly plan: string | undefined;
  readonly planDigest: string | undefined;
  readonly release: string | undefined;
}

export const inputs = ["packed", "plan", "plan-digest", "release", ...fleetInputs] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readFleetInputs(read),
    packed: read.string("packed"),
    plan: read.string("plan"),
    planDigest: read.string("plan-digest"),
    release: read.string("release"),
  };
}
