import { DeployError, type Method, type Problem, problemOf } from "@deploy/core";

/** Should never be met by a user: what runs a plan checks it before anything is touched. */
export function unwired(method: Method): Problem {
  return problemOf(
    new DeployError(
      "upload-unwired",
      `The plan uploads by ${method}, and this run was given no means for it`,
    ),
  );
}
