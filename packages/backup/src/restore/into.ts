import { type RestoredDump, restoreDump, type Source } from "@deploy/remote";
import type { Transport } from "@deploy/transport";
import { ask, whileRestoring } from "../host/ask.ts";
import { type Payload, RestorePayload } from "./payload.ts";

export interface Target extends Payload {
  readonly transport: Transport;
  readonly source: Source;
  /** A name that must not exist. */
  readonly name: string;
  readonly owners: boolean;
  readonly keepGoing?: boolean;
  /** What made the dump. */
  readonly tool?: string;
}

/**
 * Out of the store into a new database. The host gives it its name only where size and SHA-256 of the plain dump are those of the
 * manifest; what is wrong with the stored bytes themselves is thrown rather than what the host made of it.
 */
export async function restoreInto(target: Target): Promise<RestoredDump> {
  const { backup, source, name, owners, keepGoing = false, tool = "" } = target;
  const payload = new RestorePayload(target);
  const command = restoreDump(source, {
    into: name,
    compression: backup.compression,
    bytes: backup.plain.size,
    sha256: backup.plain.sha256,
    owners,
    keepGoing,
    tool,
  });
  try {
    const restored = await ask(target, command, whileRestoring, payload);
    if (payload.failure === undefined) return restored;
  } catch (error) {
    throw payload.failure ?? error;
  }
  throw payload.failure;
}
