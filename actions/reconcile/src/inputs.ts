import {
  fleetInputs,
  type InputReader,
  type LockingInputs,
  lockInputs,
  readLockingInputs,
} from "@deploy/action-kit";

export interface Inputs extends LockingInputs {
  /** Workflow artifact of the pack action, of the fleet's release. */
  readonly packed: string | undefined;
}

export const inputs = ["packed", ...lockInputs, ...fleetInputs] as const;

export function readInputs(read: InputReader): Inputs {
  return { ...readLockingInputs(read), packed: read.string("packed") };
}
