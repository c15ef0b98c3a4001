import { DeployError } from "@deploy/core";

/** Never says a part of the URL: where it cannot be read, nobody knows which part is the password. */
export function refuseUrl(why: string, hint?: string): DeployError {
  return new DeployError("database-url", `The database's URL ${why}`, hint === undefined ? {} : { hint });
}
