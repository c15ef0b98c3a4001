import {
  fleetInputs,
  type InputReader,
  type LockingInputs,
  lockInputs,
  readLockingInputs,
} from "@deploy/action-kit";

export interface Inputs extends LockingInputs {
  /** Prepared before; absent: this job's upload step made it. */
  readonly release: string | undefined;
}

export const inputs = ["release", ...lockInputs, ...fleetInputs] as const;

export function readInputs(read: InputReader): Inputs {
  return { ...readLockingInputs(read), release: read.string("release") };
}
