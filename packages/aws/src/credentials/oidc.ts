import { DeployError } from "@deploy/core";
import type { AwsCredentials, AwsKeys } from "@deploy/store";
import { roleRefused } from "./refusal.ts";
import { isRoleArn } from "./trustPolicy.ts";

export interface OidcOptions {
  /** ARN of the role. */
  readonly role: string;
  /** Whose STS is asked; us-east-1 unless told. */
  readonly region?: string;
  /** Shown in CloudTrail; what IAM does not allow in it is replaced. */
  readonly sessionName: string;
  /** A fresh OIDC token for the audience `sts.amazonaws.com`, each time it is asked. */
  readonly token: () => Promise<string>;
  /** Seconds the keys live; an hour unless told, which every role allows. */
  readonly duration?: number;
  readonly endpoint?: string;
  /** Learns each new set before anybody uses it: where secrets are masked. */
  readonly onKeys?: (keys: AwsKeys) => void;
  /** Milliseconds since 1970; the system's clock unless told. */
  readonly now?: () => number;
}

/** Renewed so long before they expire: a request that is signed now must still be good when it arrives. */
const margin = 5 * 60_000;

/**
 * Keys of a role, for the workflow's own OIDC token: STS AssumeRoleWithWebIdentity, which needs no credentials.
 * Cached until shortly before they expire, then asked for with a fresh token, once for all who wait.
 * Throws `store-role-refused` with the trust policy that would let it in, or `store-failed`.
 */
export function oidcCredentials(options: OidcOptions): AwsCredentials {
  const now = options.now ?? Date.now;
  let keys: AwsKeys | undefined;
  let asking: Promise<AwsKeys> | undefined;
  return async () => {
    if (keys?.expiration !== undefined && now() < keys.expiration.getTime() - margin) return keys;
    asking ??= assume(options, now).finally(() => {
      asking = undefined;
    });
    keys = await asking;
    return keys;
  };
}

async function assume(options: OidcOptions, now: () => number): Promise<AwsKeys> {
  const { role, duration = 3600 } = options;
  if (!isRoleArn(role))
    throw new DeployError("store-role-refused", `${JSON.stringify(role)} is no ARN of a role`, {
      hint: "Write it as `arn:aws:iam::123456789012:role/name`.",
    });
  const token = await options.token();
  const asked = now();
  const answer = await askSts(options, token).catch((error: unknown) => {
    throw roleRefused(role, token, error);
  });
  // By our own clock where the server's is ahead: what counts is how long the keys live from now.
  const end = Math.min(answer.expiration?.getTime() ?? Number.POSITIVE_INFINITY, asked + duration * 1000);
  const keys = { ...answer, expiration: new Date(end) };
  options.onKeys?.(keys);
  return keys;
}

async function askSts(options: OidcOptions, token: string): Promise<AwsKeys> {
  const { role, region = "us-east-1", endpoint, duration = 3600, sessionName } = options;
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import("@aws-sdk/client-sts");
  const client = new STSClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  try {
    const { Credentials } = await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: role,
        RoleSessionName: safeName(sessionName),
        WebIdentityToken: token,
        DurationSeconds: duration,
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined) throw new Error("the answer has no keys");
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  } finally {
    client.destroy();
  }
}

/** IAM allows 2 to 64 of `A-Za-z0-9_+=,.@-`. */
function safeName(text: string): string {
  return text
    .replace(/[^\w+=,.@-]/g, "-")
    .slice(0, 64)
    .padEnd(2, "-");
}
