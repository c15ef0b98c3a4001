import {
  connection,
  declareInputs,
  type FleetInputs,
  type InputReader,
  readFleetInputs,
  readStoreKeys,
  type StoreKeys,
  storeKeys,
} from "@deploy/action-kit";
import { fleetSections } from "@deploy/core";

export interface Inputs extends FleetInputs {
  /** Of the store of the page, and of that of the records. */
  readonly keys: StoreKeys | undefined;
  /** File of the workspace that the page is written to. */
  readonly page: string | undefined;
}

export const declared = declareInputs({
  own: {
    page: "File that the page is written to, relative to the workspace: `public/index.html`. Not written unless told.",
  },
  groups: [storeKeys, connection],
  sections: [...fleetSections, "url", "configure", "status"],
  reworded: {
    "aws-access-key-id":
      "Access key of the stores that records are read from and the page is published to, where no role is assumed. A secret.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readFleetInputs(read, declared.sections),
    keys: readStoreKeys(read),
    page: read.string("page"),
  };
}
