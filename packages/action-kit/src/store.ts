import { getIDToken } from "@actions/core";
import { DeployError, type Secret } from "@deploy/core";
import type { Log } from "./log.ts";
import type { InputReader } from "./reader.ts";
import type { ActionContext } from "./types.ts";

/** Keys given as inputs; absent: a role, or what the environment knows. */
export interface StoreKeys {
  readonly id: string;
  readonly secret: Secret;
  readonly sessionToken?: Secret;
}

export function readStoreKeys(read: InputReader): StoreKeys | undefined {
  const id = read.secret("aws-access-key-id");
  const secret = read.secret("aws-secret-access-key");
  const sessionToken = read.secret("aws-session-token");
  if (id === undefined && secret === undefined) return undefined;
  if (id === undefined) read.required("aws-access-key-id");
  if (secret === undefined) read.required("aws-secret-access-key");
  if (id === undefined || secret === undefined) return undefined;
  return { id: id.reveal().trim(), secret, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** Who this run is to a store: keys that were given, or the role that its OIDC token may assume. */
export function storeIdentity(
  keys: StoreKeys | undefined,
  { github, log }: Pick<ActionContext, "github" | "log">,
) {
  return {
    ...(keys === undefined ? {} : { keys }),
    token: () => workflowToken("sts.amazonaws.com", log),
    sessionName: `deploy-${github.repository.replace("/", "-")}-${github.runId}`,
    onKeys: (made: { readonly secretAccessKey: string; readonly sessionToken?: string }) =>
      log.mask([made.secretAccessKey, made.sessionToken]),
  };
}

/** The workflow's OIDC token for this audience, which the toolkit masks. Throws `oidc-unavailable`. */
export async function workflowToken(audience: string, log: Log): Promise<string> {
  try {
    return await log.lend(() => getIDToken(audience));
  } catch (error) {
    throw new DeployError("oidc-unavailable", `GitHub gave no OIDC token: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
