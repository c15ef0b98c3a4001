import {
  type CommonInputs,
  commonInputs,
  type InputReader,
  readCommonInputs,
  readStoreKeys,
  readTexts,
  type StoreKeys,
  storeInputs,
  storeSecrets,
} from "@deploy/action-kit";
import type { AssetsOverrides, Secret } from "@deploy/core";

const building = [
  "source",
  "output",
  "build",
  "load-paths",
  "minify",
  "html",
  "fingerprint",
  "source-maps",
  "manifests",
  "precompress",
  "base-url",
] as const;
const publishing = [
  "publish",
  ...storeInputs,
  "keep-releases",
  "keep-for",
  "cloudfront",
  "purge-url",
] as const;

export interface Inputs extends CommonInputs {
  readonly overrides: AssetsOverrides;
  readonly phase: "all" | "build" | "publish";
  /** Nothing to build is fine: for workflows that serve every app. */
  readonly ifConfigured: boolean;
  /** Workflow artifact of the pack action, whose output folder is published. */
  readonly packed: string | undefined;
  readonly release: string | undefined;
  readonly prune: boolean;
  readonly cache: boolean;
  readonly keys: StoreKeys | undefined;
  readonly purgeToken: Secret | undefined;
}

export const inputs = [
  ...building,
  ...publishing,
  "phase",
  "if-configured",
  "packed",
  "release",
  "prune",
  "cache",
  "purge-token",
  ...storeSecrets,
  ...commonInputs,
] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readCommonInputs(read, []),
    overrides: readTexts(read, [...building, ...publishing]),
    phase: read.choice("phase", ["all", "build", "publish"]),
    ifConfigured: read.flag("if-configured", false),
    packed: read.string("packed"),
    release: read.string("release"),
    prune: read.flag("prune", true),
    cache: read.flag("cache", true),
    keys: readStoreKeys(read),
    purgeToken: read.secret("purge-token"),
  };
}
