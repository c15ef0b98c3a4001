import { cleanLine, DeployError } from "@deploy/core";
import { readClaims } from "./claims.ts";
import { audience, trustPolicy } from "./trustPolicy.ts";

interface ServiceError {
  readonly name: string;
  readonly message: string;
  /** HTTP status; absent where no answer came. */
  readonly status: number | undefined;
}

/** Why STS gave no keys, as an error a person can act on. The token itself is in none of its words. */
export function roleRefused(role: string, token: string, error: unknown): DeployError {
  const { name, message, status } = serviceError(error);
  const said = `${name}${status === undefined ? "" : ` (${status})`}: ${withoutToken(message, token)}`;
  if (status === undefined || status >= 500 || status === 429)
    return new DeployError("store-failed", `AWS did not answer whether ${role} may be assumed: ${said}`);
  return new DeployError("store-role-refused", `AWS refused ${role}: ${said}; ${tokenWords(token)}`, {
    hint: hintFor(role, token),
  });
}

function tokenWords(token: string): string {
  const { sub, aud, iss } = readClaims(token);
  if (sub === undefined && aud === undefined && iss === undefined) return "the token's claims cannot be read";
  return cleanLine(`the token says sub ${show(sub)}, aud ${show(aud)}, iss ${show(iss)}`);
}

/** Ends with the policy: nothing stands behind what is to be copied. */
function hintFor(role: string, token: string): string {
  const claims = readClaims(token);
  const ask =
    claims.aud === undefined || claims.aud === audience
      ? ""
      : `Ask for the token with the audience ${audience}. `;
  return cleanLine(
    `${ask}Make the identity provider in the account, and give the role this trust policy (with both forms of the subject): ${trustPolicy(role, claims)}`,
  );
}

function show(claim: string | undefined): string {
  return claim === undefined ? "nothing" : JSON.stringify(claim);
}

function withoutToken(message: string, token: string): string {
  const parts = [token, ...token.split(".").filter((part) => part.length > 16)];
  return cleanLine(
    parts.reduce((text, part) => (part === "" ? text : text.replaceAll(part, "[token]")), message),
  ).slice(0, 500);
}

/** The SDK's errors have the service's code as their name, and the status beside it. */
function serviceError(error: unknown): ServiceError {
  const { name, message, $metadata } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly message?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : String(error),
    status: $metadata?.httpStatusCode,
  };
}
