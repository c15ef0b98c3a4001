import type { Identity } from "@deploy/aws";
import { type BackUpOptions, backUp, sayBackedUp } from "@deploy/backup";
import { type Backup, DeployError, type Secret } from "@deploy/core";
import type { BackupMaker } from "@deploy/engine";
import { localConnector } from "@deploy/transport";
import { openConfigured } from "./store.ts";

export interface MakerOptions {
  /** Who we are to the store; the config knows the role. */
  readonly identity: Identity;
  readonly url: (backup: Backup) => Secret | undefined;
  /** The checkout: where a runner's own commands run. */
  readonly root: string;
  readonly onProgress?: BackUpOptions["onProgress"];
  readonly allowIdentityChange?: boolean;
}

/** What stands before a migration: a backup in the store, proved, or nothing is touched. */
export function backupMaker(options: MakerOptions): BackupMaker {
  const { identity, url, root, onProgress, allowIdentityChange = false } = options;
  return async (asked) => {
    const { backup, live, runUrl: run } = asked;
    if (backup.store === undefined) throw new DeployError("backup-unconfigured", "The backup has no store");
    const known = url(backup);
    const { store } = openConfigured(backup.store, identity, root);
    const here = backup.from === "runner" ? await localConnector()(runner, asked.signal) : undefined;
    try {
      const made = await backUp({
        backup,
        store,
        run,
        transport: here ?? asked.transport,
        base: asked.base,
        ...(here === undefined ? {} : { directory: root }),
        app: asked.app,
        environment: asked.environment,
        release: asked.release,
        ...(live === null ? {} : { live }),
        ...(known === undefined ? {} : { url: known }),
        ...(onProgress === undefined ? {} : { onProgress }),
        now: new Date(),
        signal: asked.signal,
        onNote: asked.onNote,
        allowIdentityChange,
      });
      return sayBackedUp(made);
    } finally {
      store.close();
      await here?.close();
    }
  };
}

/** This machine, where it reaches the database itself. */
export const runner = { name: "runner", address: "localhost", port: 22, username: "", roles: [] } as const;
