import type { Secret } from "@deploy/core";
import type { AwsCredentials, AwsKeys } from "@deploy/store";
import { keyCredentials } from "./keys.ts";
import { oidcCredentials } from "./oidc.ts";

/** Who we may be, as inputs and surroundings say; the config knows the role. */
export interface Identity {
  readonly keys?: { readonly id: string; readonly secret: Secret; readonly sessionToken?: Secret };
  /** The workflow's OIDC token; absent outside a workflow, where a role is a matter of the AWS profile. */
  readonly token?: () => Promise<string>;
  /** Shown in CloudTrail. */
  readonly sessionName: string;
  readonly onKeys?: (keys: AwsKeys) => void;
}

export interface Role {
  /** ARN. */
  readonly role?: string;
  /** Whose STS is asked. */
  readonly region?: string;
}

/** Keys that were given win, then the role; undefined: the standard AWS chain. */
export function chooseCredentials(identity: Identity, { role, region }: Role): AwsCredentials | undefined {
  const { keys, token, sessionName, onKeys } = identity;
  if (keys !== undefined) return keyCredentials(keys.id, keys.secret, keys.sessionToken);
  if (role === undefined || token === undefined) return undefined;
  return oidcCredentials({
    role,
    sessionName,
    token,
    ...(region === undefined ? {} : { region }),
    ...(onKeys === undefined ? {} : { onKeys }),
  });
}
