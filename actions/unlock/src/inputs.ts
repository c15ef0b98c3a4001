import {
  connection,
  declareInputs,
  type FleetInputs,
  type InputReader,
  readFleetInputs,
} from "@deploy/action-kit";
import { fleetSections } from "@deploy/core";

export interface Inputs extends FleetInputs {
  /** False: it is only shown what would happen. */
  readonly confirm: boolean;
  readonly unfreeze: boolean;
}

export const declared = declareInputs({
  own: {
    confirm: {
      description:
        "`true`: take the lock away. Otherwise it is only shown who holds it and what taking it away breaks.",
      default: "false",
    },
    unfreeze: {
      description: "`true`: end a freeze, and leave the lock alone; `confirm` is not asked for.",
      default: "false",
    },
  },
  groups: [connection],
  sections: fleetSections,
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readFleetInputs(read, declared.sections),
    confirm: read.flag("confirm", false),
    unfreeze: read.flag("unfreeze", false),
  };
}
