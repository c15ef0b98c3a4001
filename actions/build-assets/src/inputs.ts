import {
  type CommonInputs,
  declareInputs,
  handOver,
  type InputReader,
  readCommonInputs,
  readStoreKeys,
  readTexts,
  type StoreKeys,
  storeKeys,
} from "@deploy/action-kit";
import type { AssetsOverrides, Secret } from "@deploy/core";

export interface Inputs extends CommonInputs {
  readonly overrides: AssetsOverrides;
  readonly phase: "all" | "build" | "publish";
  /** Nothing to build is fine: for workflows that serve every app. */
  readonly ifConfigured: boolean;
  /** Workflow artifact of the pack action, whose output folder is published. */
  readonly packed: string | undefined;
  /** Workflow artifact of the plan action: its config is what is published by. */
  readonly plan: string | undefined;
  readonly planDigest: string | undefined;
  readonly release: string | undefined;
  readonly prune: boolean;
  readonly takeOver: string | undefined;
  readonly cache: boolean;
  readonly keys: StoreKeys | undefined;
  readonly purgeToken: Secret | undefined;
}

export const declared = declareInputs({
  own: {
    phase: {
      description:
        "`build` or `publish` alone, for jobs that build without credentials and publish what lies in `output`; `all` unless told.",
      default: "all",
    },
    "if-configured": {
      description: "`true`: do nothing where the config has no `assets`.",
      default: "false",
    },
    packed: handOver(
      "With `phase: publish`: the packed release (name or id of the `pack` action's artifact) whose output folder is published.",
    ),
    plan: handOver(
      "With `phase: publish`: the approved plan (name or id of the `plan` action's artifact), whose config is gone by.",
    ),
    "plan-digest": handOver("Digest of the approved plan; another plan is refused."),
    release: handOver("Name of this release in the store's records; minted unless told."),
    prune: { description: "`false`: remove nothing from the store.", default: "true" },
    "take-over":
      "Whose `publish` is taken over, as `app/environment`: another's that is gone or has got another name. Without it another's place is refused.",
    cache: { description: "`false`: do not keep what was compiled for the next run.", default: "true" },
    "purge-token": "Sent to `purge-url` as `Authorization: Bearer`. A secret.",
  },
  groups: [storeKeys],
  sections: ["assets"],
  reworded: {
    "aws-access-key-id": "Access key, where no role is assumed. A secret.",
    environment: "Environment of the config file whose `assets` are meant; the file's own unless told.",
    "dry-run":
      "`true`: build into a temporary folder, publish and remove nothing, and say what would be done.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readCommonInputs(read, declared.sections),
    overrides: readTexts(read, declared.sections),
    phase: read.choice("phase", ["all", "build", "publish"]),
    ifConfigured: read.flag("if-configured", false),
    packed: read.handedOver("packed"),
    plan: read.handedOver("plan"),
    planDigest: read.handedOver("plan-digest"),
    release: read.handedOver("release"),
    prune: read.flag("prune", true),
    takeOver: read.string("take-over"),
    cache: read.flag("cache", true),
    keys: readStoreKeys(read),
    purgeToken: read.secret("purge-token"),
  };
}
