import { DeployError } from "@deploy/core";
import { decryptWith } from "../age/decrypt.ts";
import { drain } from "../bytes/companion.ts";
import { type Measured, Meter, metered, sameBytes } from "../bytes/meter.ts";
import { objectBytes } from "../bytes/object.ts";
import { unpack } from "../bytes/unpack.ts";
import { isCode } from "../host/place.ts";
import type { Uploaded } from "../make/upload.ts";
import { ProgressTeller, telling } from "../progress.ts";
import type { BackupRequest, Proof } from "../types.ts";

/** A connection that breaks says nothing about the object, so the reading begins again this often. */
const attempts = 3;

/**
 * Reads the whole object again from the store: is it what was sent? With a key it is also decrypted and unpacked, and must be the dump.
 * Throws `backup-unproved`.
 */
export async function readBack(request: BackupRequest, uploaded: Uploaded): Promise<readonly Proof[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readOnce(request, uploaded);
    } catch (error) {
      const final = isCode(error, "backup-unproved", "object-missing", "store-denied");
      if (final || attempt === attempts || request.signal?.aborted === true) throw unproved(error);
      request.onNote?.(`Reading ${uploaded.key} back broke off; it begins again.`);
    }
  }
}

/** Other bytes than were sent: of a backup that was made just now there is no other copy. */
function unproved(error: unknown): unknown {
  if (!isCode(error, "object-damaged")) return error;
  return new DeployError("backup-unproved", (error as Error).message, { cause: error });
}

async function readOnce(request: BackupRequest, uploaded: Uploaded): Promise<readonly Proof[]> {
  const { store, identity, recipients, onProgress, signal } = request;
  const meter = new Meter();
  const progress = new ProgressTeller("verify", uploaded.stored.size, onProgress);
  const raw = telling(metered(objectBytes(store, uploaded.key, signal), meter), progress);
  if (identity === undefined || recipients.length === 0) {
    await drain(raw);
    checkStored(uploaded, meter.end());
    return ["read-back"];
  }
  const plain = new Meter();
  try {
    await drain(metered(unpack(decryptWith(identity, recipients)(raw), uploaded.compression), plain));
  } catch (error) {
    if (!isCode(error, "backup-damaged", "backup-key")) throw error;
    throw new DeployError(
      "backup-unproved",
      `${uploaded.key} cannot be opened again: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  checkStored(uploaded, meter.end());
  if (!sameBytes(plain.end(), uploaded.plain))
    throw differs(uploaded.key, "decrypted", plain.end(), uploaded.plain);
  return ["read-back", "decrypted"];
}

function checkStored({ key, stored }: Uploaded, read: Measured): void {
  if (!sameBytes(read, stored)) throw differs(key, "read back", read, stored);
}

function differs(key: string, how: string, found: Measured, wanted: Measured): DeployError {
  return new DeployError(
    "backup-unproved",
    `${key}, ${how}, has ${found.size} bytes with the SHA-256 ${found.sha256}; it should have ${wanted.size} with ${wanted.sha256}`,
  );
}
