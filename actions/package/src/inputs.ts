import {
  type CommonInputs,
  declareInputs,
  handOver,
  type InputReader,
  readCommonInputs,
  readStoreKeys,
  type StoreKeys,
  storeKeys,
} from "@deploy/action-kit";
import { fleetSections, type Secret } from "@deploy/core";

export interface Inputs extends CommonInputs {
  /** Packages alone, published too, or a word on those that are. */
  readonly phase: "build" | "publish" | "tested";
  /** Workflow artifact of the pack action. */
  readonly packed: string | undefined;
  /** Whose packages were tested. */
  readonly version: string | undefined;
  readonly signingKey: Secret | undefined;
  readonly keys: StoreKeys | undefined;
}

export const declared = declareInputs({
  own: {
    phase: {
      description:
        "`build` makes the packages; `publish` also puts them into the environment's repository; `tested` signs that those of `version`, which are published, were tested.",
      default: "publish",
    },
    packed: handOver(
      "Packed release: name or id of the workflow artifact that the `pack` action uploaded. Otherwise what an earlier step of this job packed, else `source` is packed here.",
    ),
    version:
      "Release whose packages were tested, of `phase: tested`: the output `version` of the step that published.",
    "signing-key":
      "Private key of the environment, P-256 in PEM: it signs the repository's index, or the word that packages were tested. A secret.",
  },
  groups: [storeKeys],
  sections: [...fleetSections, "shared", "packages"],
  reworded: {
    "aws-access-key-id":
      "Access key of the store that holds the repository, where no role is assumed. A secret.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  const phase = read.choice("phase", ["publish", "build", "tested"]);
  return {
    ...readCommonInputs(read, declared.sections),
    phase,
    packed: read.handedOver("packed"),
    version: phase === "tested" ? read.required("version") : read.string("version"),
    signingKey: read.secret("signing-key"),
    keys: readStoreKeys(read),
  };
}
