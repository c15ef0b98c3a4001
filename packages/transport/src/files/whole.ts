import { DeployError } from "@deploy/core";

/** All bytes of a file that is called `name`. More than `limit` bytes reject with `answer-unreadable`. */
export async function whole(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
  name: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > limit) throw new DeployError("answer-unreadable", `${name} is over ${limit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
