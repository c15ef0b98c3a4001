import {
  fleetInputs,
  type InputReader,
  type LockingInputs,
  lockInputs,
  readLockingInputs,
  readStoreKeys,
  type StoreKeys,
  storeSecrets,
} from "@deploy/action-kit";

export interface Inputs extends LockingInputs {
  /** Workflow artifact of the pack action. */
  readonly packed: string | undefined;
  /** Approved: a plan.json or the workflow artifact of the plan action. */
  readonly plan: string | undefined;
  readonly planDigest: string | undefined;
  readonly release: string | undefined;
  /** Of the store that hosts fetch from. */
  readonly keys: StoreKeys | undefined;
}

export const inputs = [
  "packed",
  "plan",
  "plan-digest",
  "release",
  ...storeSecrets,
  ...lockInputs,
  ...fleetInputs,
] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read),
    packed: read.string("packed"),
    plan: read.string("plan"),
    planDigest: read.string("plan-digest"),
    release: read.string("release"),
    keys: readStoreKeys(read),
  };
}
