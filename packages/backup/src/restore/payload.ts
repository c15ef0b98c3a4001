import { DeployError, type Secret } from "@deploy/core";
import { type Source, secretLine } from "@deploy/remote";
import type { Store } from "@deploy/store";
import { decryptWith } from "../age/decrypt.ts";
import { type Measured, Meter, metered, sameBytes } from "../bytes/meter.ts";
import { objectBytes } from "../bytes/object.ts";
import { type ProgressTeller, telling } from "../progress.ts";
import type { BackupManifest } from "../types.ts";

/** The parts of a manifest that say what lies under which key. */
export type StoredBackup = Pick<BackupManifest, "stored" | "recipients" | "plain" | "compression">;

export interface Payload {
  readonly backup: StoredBackup;
  readonly source: Source;
  readonly store: Store;
  readonly identity?: Secret;
  readonly signal?: AbortSignal;
  readonly progress: ProgressTeller;
}

/**
 * What a restore reads: the secret, then the compressed bytes, out of the store. They are known to be the right ones only behind the last,
 * so the last chunk waits for that. Where they are not, the stream just ends early: the host then finds neither the size nor the
 * SHA-256 it was told, takes away what it made, and `failure` says what is wrong.
 */
export class RestorePayload implements AsyncIterable<Uint8Array> {
  readonly #payload: Payload;
  #failure: unknown;

  constructor(payload: Payload) {
    this.#payload = payload;
  }

  /** What is wrong with the stored bytes; undefined as long as nothing is. */
  get failure(): unknown {
    return this.#failure;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    yield secretLine(this.#payload.source);
    let held: Uint8Array | undefined;
    try {
      for await (const chunk of this.#bytes()) {
        if (held !== undefined) yield held;
        held = chunk;
      }
    } catch (error) {
      this.#failure = error;
      return;
    }
    if (held !== undefined) yield held;
  }

  async *#bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    const { backup, store, identity, signal, progress } = this.#payload;
    const meter = new Meter();
    const raw = telling(metered(objectBytes(store, backup.stored.key, signal), meter), progress);
    if (backup.recipients.length === 0) yield* raw;
    else if (identity === undefined) throw noIdentity(backup.recipients);
    else yield* decryptWith(identity, backup.recipients)(raw);
    const found = meter.end();
    if (!sameBytes(found, backup.stored)) throw otherObject(backup, found);
  }
}

export function noIdentity(recipients: readonly string[]): DeployError {
  return new DeployError(
    "backup-key",
    `The backup is encrypted to ${recipients.join(", ")} and no key was given`,
  );
}

function otherObject({ stored }: StoredBackup, found: Measured): DeployError {
  const what =
    found.size === stored.size
      ? `has the SHA-256 ${found.sha256}, the manifest says ${stored.sha256}`
      : `has ${found.size} bytes, the manifest says ${stored.size}`;
  return new DeployError("backup-damaged", `The object ${stored.key} is not what was stored: it ${what}`);
}
