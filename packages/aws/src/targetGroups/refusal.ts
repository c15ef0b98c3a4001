import { cleanLine, DeployError } from "@deploy/core";
import { QueryFailure } from "../query/query.ts";

const denied =
  /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken)/;

/** Why a call to the load balancers failed, as an error a person can act on. */
export function refusal(action: string, group: string, error: unknown): DeployError {
  if (error instanceof DeployError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const said = cleanLine(`${error instanceof QueryFailure ? `${name}: ` : ""}${message}`).slice(0, 500);
  if (denied.test(name))
    return new DeployError("pool-denied", `AWS refused ${action} on the target group ${group}: ${said}`);
  return new DeployError("pool-unreadable", `the target group ${group}, asked by ${action}: ${said}`, {
    hint: hints[name] ?? "Run the same thing again; nothing was done that it would not find.",
  });
}

const hints: Readonly<Record<string, string>> = {
  TargetGroupNotFound: "Look at `pool.groups`, `pool.region`, and whose account the credentials are of.",
  InvalidTarget: "Look at `pool.targets`: an instance must run in the group's network, an address lie in it.",
  ValidationError: "Look at `pool.groups` and `pool.targets`.",
};
