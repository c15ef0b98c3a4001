import { type FileHandle, open } from "node:fs/promises";
import { DeployError } from "@deploy/core";

/** Puts bytes at the end of a file. */
export type Write = (part: Uint8Array) => Promise<void>;

/** Makes a file of ours (0600) of what `fill` writes. Throws `artifact-unwritable`. */
export async function writeOwn(file: string, fill: (write: Write) => Promise<void>): Promise<void> {
  const handle = await open(file, "w", 0o600).catch((error: unknown) => unwritable(file, error));
  try {
    await fill((part) => writeAll(handle, part).catch((error: unknown) => unwritable(file, error)));
  } finally {
    await handle.close();
  }
}

/** All of it, however little the system takes at a time. */
export async function writeAll(handle: FileHandle, part: Uint8Array): Promise<void> {
  for (let at = 0; at < part.length; ) at += (await handle.write(part, at)).bytesWritten;
}

/** What a file of our own that cannot be made says: no space, no permission. Never returns. */
export function unwritable(file: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  throw new DeployError("artifact-unwritable", `"${file}" cannot be written (${code})`, { cause: error });
}
