import { randomBytes } from "node:crypto";
import { encrypterFor } from "./recipients.ts";
import { payloadKey, saltSize, seal } from "./stream.ts";

/** Bytes in, bytes out, in flat memory. */
export type Transform = (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array, void, undefined>;

/** To the age format: any of the recipients can open it, with us or the `age` command. Throws `backup-recipient` before it reads. */
export function encryptTo(recipients: readonly string[]): Transform {
  return (source) => encrypted(source, recipients);
}

async function* encrypted(
  source: AsyncIterable<Uint8Array>,
  recipients: readonly string[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const { header, fileKey } = await makeHeader(recipients);
  const salt = randomBytes(saltSize);
  yield header;
  yield salt;
  yield* seal(source, payloadKey(fileKey, salt));
}

/**
 * The library makes header and payload at once, so it is given an empty payload, whose 16 bytes of salt and 16 of tag are cut off,
 * and a recipient that only looks at the file key.
 */
async function makeHeader(
  recipients: readonly string[],
): Promise<{ readonly header: Uint8Array; readonly fileKey: Uint8Array }> {
  const encrypter = await encrypterFor(recipients);
  let fileKey = new Uint8Array();
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      fileKey = new Uint8Array(key);
      return [];
    },
  });
  const file = await encrypter.encrypt(new Uint8Array());
  return { header: file.subarray(0, file.length - 2 * saltSize), fileKey };
}
