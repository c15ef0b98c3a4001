import {
  type CommonInputs,
  commonInputs,
  type InputReader,
  readCommonInputs,
  settingInputs,
} from "@deploy/action-kit";

export interface Inputs extends CommonInputs {
  /** Workflow artifact packed instead of `source`. */
  readonly artifact: string | undefined;
  readonly artifactName: string | undefined;
}

export const inputs = [
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
    artifact: read.string("artifact"),
    artifactName: read.string("artifact-name"),
  };
}
