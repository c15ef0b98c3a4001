import { DeployError } from "@deploy/core";
import { driverOf } from "@deploy/remote";
import { checkFits } from "../age/decrypt.ts";
import { checkRecipients } from "../age/recipients.ts";
import { noIdentity } from "../restore/payload.ts";
import { signingKeyFor } from "../sign/key.ts";
import type { BackupRequest } from "../types.ts";

/** What can be known before anything is dumped. Throws `backup-signing-key`, `backup-recipient`, `backup-key`, `restore-refused`. */
export async function checkBackupRequest(request: BackupRequest): Promise<void> {
  const { recipients, identity, source, verify, signingKey, signedBy } = request;
  signingKeyFor(signingKey, signedBy);
  await checkRecipients(recipients);
  if (recipients.length > 0) {
    if (identity !== undefined) await checkFits(identity, recipients);
    else if (verify === "restore") throw noIdentity(recipients);
  }
  if (verify === "restore" && driverOf(source.kind).nameOf === undefined) {
    throw new DeployError(
      "restore-refused",
      `The dump of a ${source.kind} cannot be restored for proof: nobody knows where to`,
      {
        hint: "Let its `verify` command do more, and choose `verify: read`.",
      },
    );
  }
}
