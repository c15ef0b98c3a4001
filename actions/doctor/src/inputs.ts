import {
  connection,
  declareInputs,
  type FleetInputs,
  type InputReader,
  readFleetInputs,
} from "@deploy/action-kit";
import { fleetSections } from "@deploy/core";

export type Inputs = FleetInputs;

export const declared = declareInputs({ groups: [connection], sections: fleetSections });
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return readFleetInputs(read, declared.sections);
}
