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
  /** Workflow artifact of the pack action, of the fleet's release. */
  readonly packed: string | undefined;
  /** Of the store that hosts fetch from. */
  readonly keys: StoreKeys | undefined;
}

export const inputs = ["packed", ...storeSecrets, ...lockInputs, ...fleetInputs] as const;

export function readInputs(read: InputReader): Inputs {
  return { ...readLockingInputs(read), packed: read.string("packed"), keys: readStoreKeys(read) };
}
