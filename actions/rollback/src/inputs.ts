import {
  fleetInputs,
  type InputReader,
  type LockingInputs,
  lockInputs,
  readLockingInputs,
} from "@deploy/action-kit";

export interface Inputs extends LockingInputs {
  /** Release id; absent: the newest good one before the live one. */
  readonly to: string | undefined;
  /** Approved: a plan.json or the workflow artifact of the plan action. */
  readonly plan: string | undefined;
  readonly planDigest: string | undefined;
}

export const inputs = ["to", "plan", "plan-digest", ...lockInputs, ...fleetInputs] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read),
    to: read.string("to"),
    plan: read.string("plan"),
    planDigest: read.string("plan-digest"),
  };
}
