import {
  connection,
  declareInputs,
  type FleetInputs,
  type InputReader,
  readFleetInputs,
} from "@deploy/action-kit";
import { fleetSections } from "@deploy/core";

export interface Inputs extends FleetInputs {
  readonly verify: boolean;
}

export const declared = declareInputs({
  own: {
    "verify-files": {
      description:
        "`true`: also hold every file of the live release against what was sent, and fail for what was changed by hand.",
      default: "false",
    },
  },
  groups: [connection],
  sections: fleetSections,
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return { ...readFleetInputs(read, declared.sections), verify: read.flag("verify-files", false) };
}
