import { DeployError } from "@deploy/core";
import type { Toolbox } from "./tool.ts";

/** Tools of the project run in this very process, where credentials lie open. Throws `build-credentials`. */
export function refuseOwnTools(tools: Toolbox): void {
  const own = Object.values(tools).filter(({ from }) => from === "project");
  if (own.length > 0) throw besideCredentials(`the project's own ${own.map(({ name }) => name).join(", ")}`);
}

export function besideCredentials(code: string): DeployError {
  return new DeployError("build-credentials", `Credentials are at hand, and ${code} would run beside them`);
}
