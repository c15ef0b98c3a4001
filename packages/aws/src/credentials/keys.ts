import type { Secret } from "@deploy/core";
import type { AwsCredentials } from "@deploy/store";

/** Keys that somebody made and wrote down; they do not expire unless their session does. */
export function keyCredentials(id: string, secret: Secret, sessionToken?: Secret): AwsCredentials {
  return async () => ({
    accessKeyId: id,
    secretAccessKey: secret.reveal(),
    ...(sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() }),
  });
}
