import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Hex digest of what a stream gives; memory stays flat. */
export async function digestOf(
  stream: AsyncIterable<string | Uint8Array>,
  algorithm: "md5" | "sha256",
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}

/** MD5 for comparing with an ETag, never for trust. */
export function md5OfFile(file: string): Promise<string> {
  return digestOf(createReadStream(file), "md5");
}
