import { type FleetInputs, fleetInputs, type InputReader, readFleetInputs } from "@deploy/action-kit";

export interface Inputs extends FleetInputs {
  /** Prepared before; absent: this job's upload step made it. */
  readonly release: string | undefined;
}

export const inputs = ["release", ...fleetInputs] as const;

export function readInputs(read: InputReader): Inputs {
  return { ...readFleetInputs(read), release: read.string("release") };
}
