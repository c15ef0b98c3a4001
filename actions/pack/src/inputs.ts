import {
  type CommonInputs,
  commonInputs,
  type InputReader,
  readCommonInputs,
  settingInputs,
} from "@deploy/action-kit";

export interface Inputs extends CommonInputs {
  /** The config's build commands alone, packing alone, or both. */
  readonly phase: "all" | "build" | "pack";
  /** Workflow artifact packed instead of `source`. */
  readonly artifact: string | undefined;
  readonly artifactName: string | undefined;
}

export const inputs = [
  "phase",
  "artifact",
  "artifact-name",
  "hosts",
  "username",
  "deploy-to",
  ...commonInputs,
  ...settingInputs,
] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readCommonInputs(read),
    phase: read.choice("phase", ["all", "build", "pack"]),
    artifact: read.string("artifact"),
    artifactName: read.string("artifact-name"),
  };
}
