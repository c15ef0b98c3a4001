import { DeployError, list, type Secret } from "@deploy/core";
import type { Transform } from "./encrypt.ts";
import { readHeader, splitAt } from "./header.ts";
import { keysOf, recipientsOf } from "./identity.ts";
import { payloadKey, saltSize, unseal } from "./stream.ts";

/**
 * From the age format. `recipients` is what the file was encrypted to, as its manifest says: it tells a key that does not fit
 * (`backup-key`) from a file that is not what was stored (`backup-damaged`). Throws `backup-key` at once for an identity that is none.
 */
export function decryptWith(identity: Secret, recipients: readonly string[]): Transform {
  const keys = keysOf(identity);
  return (source) => decrypted(source, { identity, keys, recipients });
}

/** Throws `backup-key` unless one of the identity's keys belongs to one of the recipients. */
export async function checkFits(identity: Secret, recipients: readonly string[]): Promise<void> {
  if (!(await fits(identity, recipients))) throw wrongKey(recipients);
}

interface Keys {
  readonly identity: Secret;
  readonly keys: readonly string[];
  readonly recipients: readonly string[];
}

async function* decrypted(
  source: AsyncIterable<Uint8Array>,
  keys: Keys,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { header, rest } = await readHeader(source);
  try {
    const fileKey = await fileKeyOf(header, keys);
    const { first, rest: payload } = await splitAt(rest, saltSize);
    yield* unseal(payload, payloadKey(fileKey, first));
  } finally {
    await rest.return();
  }
}

async function fileKeyOf(header: Uint8Array, { identity, keys, recipients }: Keys): Promise<Uint8Array> {
  // First of all: it refuses a damaged key, which the library would quote in its own error.
  const fitting = await fits(identity, recipients);
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  for (const key of keys) decrypter.addIdentity(key);
  let tried = false;
  // Asked last, only where no key before it fitted.
  decrypter.addIdentity({
    unwrapFileKey: () => {
      tried = true;
      return null;
    },
  });
  try {
    return await decrypter.decryptHeader(header);
  } catch {
    if (tried && !fitting) throw wrongKey(recipients);
    throw new DeployError(
      "backup-damaged",
      tried
        ? "The key belongs to this backup, and the stored object was not encrypted to it: it is another object, or its header was altered"
        : "The header of the encrypted object was altered",
    );
  }
}

async function fits(identity: Secret, recipients: readonly string[]): Promise<boolean> {
  return (await recipientsOf(identity)).some((recipient) => recipients.includes(recipient));
}

function wrongKey(recipients: readonly string[]): DeployError {
  const names = recipients.length === 0 ? "nobody we know of" : list(recipients);
  return new DeployError("backup-key", `The key does not fit: this backup is encrypted to ${names}`);
}
