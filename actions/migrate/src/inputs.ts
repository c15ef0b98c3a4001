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
  /** A person's word on a migration of this release that failed, or was lost. */
  readonly migration: { readonly retry: boolean; readonly resolve?: "retry" | "done" };
}

export const inputs = ["release", "retry", "resolve", ...lockInputs, ...fleetInputs] as const;

export function readInputs(read: InputReader): Inputs {
  const retry = read.flag("retry", false);
  // Empty is neither: the reader's choice would take the first.
  const resolve =
    read.string("resolve") === undefined ? {} : { resolve: read.choice("resolve", ["retry", "done"]) };
  return { ...readLockingInputs(read), release: read.string("release"), migration: { retry, ...resolve } };
}
