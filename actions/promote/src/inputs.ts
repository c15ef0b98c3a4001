import {
  type CommonInputs,
  declareInputs,
  type InputReader,
  readCommonInputs,
  readStoreKeys,
  type StoreKeys,
  storeKeys,
} from "@deploy/action-kit";
import { fleetSections, type Secret } from "@deploy/core";

export interface Inputs extends CommonInputs {
  /** The environment that they come from; `environment` is where they go. */
  readonly from: string | undefined;
  readonly version: string | undefined;
  readonly untested: boolean;
  readonly signingKey: Secret | undefined;
  readonly keys: StoreKeys | undefined;
}

export const declared = declareInputs({
  own: {
    from: "Environment that the packages come from: its `package` names repository and certificate.",
    version: "Release that is promoted: the output `version` of the step that published it.",
    untested: {
      description: "`true`: also without the signed word of `from` that these bytes were tested there.",
      default: "false",
    },
    "signing-key": "Private key of `environment`, P-256 in PEM: it signs that repository's index. A secret.",
  },
  groups: [storeKeys],
  sections: [...fleetSections, "packages"],
  reworded: {
    environment: "Environment that the packages go to.",
    "aws-access-key-id":
      "Access key of the stores that hold the repositories, where no role is assumed. A secret.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readCommonInputs(read, declared.sections),
    from: read.string("from"),
    version: read.string("version"),
    untested: read.flag("untested", false),
    signingKey: read.secret("signing-key"),
    keys: readStoreKeys(read),
  };
}
