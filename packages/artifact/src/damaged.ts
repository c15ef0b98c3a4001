import { DeployError } from "@deploy/core";

/** Packed files that are not what `artifact.json` says. */
export function damaged(directory: string, why: string, cause?: unknown): DeployError {
  return new DeployError("artifact-damaged", `The packed release in "${directory}" is damaged: ${why}`, {
    cause,
  });
}
