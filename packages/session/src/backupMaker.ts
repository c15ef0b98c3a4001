import type { Identity } from "@deploy/aws";
import {
  type BackUpOptions,
  backUp,
  listBackups,
  restoreCommand,
  sayBackedUp,
  whyUnsigned,
} from "@deploy/backup";
import { type Backup, DeployError, type Secret } from "@deploy/core";
import type { BackupMaker } from "@deploy/engine";
import type { Folders, Store } from "@deploy/store";
import { localConnector } from "@deploy/transport";
import { openConfigured } from "./store.ts";

export interface MakerOptions {
  /** Who we are to the store; the config knows the role. */
  readonly identity: Identity;
  readonly url: (backup: Backup) => Secret | undefined;
  /** Who runs it. */
  readonly by: string;
  readonly signingKey?: Secret | undefined;
  readonly mask?: BackUpOptions["mask"];
  /** The checkout: where a runner's own commands run, and what a store that is a folder is relative to. */
  readonly root: string;
  readonly folders?: Folders["folders"];
  readonly onProgress?: BackUpOptions["onProgress"];
  readonly allowIdentityChange?: boolean;
}

/** What stands before a migration: a backup in the store, proved, or nothing is touched. */
export function backupMaker(options: MakerOptions): BackupMaker {
  const {
    identity,
    url,
    by,
    signingKey,
    mask,
    root,
    folders,
    onProgress,
    allowIdentityChange = false,
  } = options;
  return async (asked) => {
    const { backup, live, runUrl: run } = asked;
    if (backup.store === undefined) throw new DeployError("backup-unconfigured", "The backup has no store");
    const known = url(backup);
    const { store } = openConfigured(backup.store, identity, { root, folders });
    const earlier = asked.earlier === undefined ? undefined : await stillThere(store, asked.earlier, backup);
    if (earlier !== undefined) {
      store.close();
      return { ...earlier, detail: `${earlier.id}, from before its migration began, stands: no new one` };
    }
    const here = backup.from === "runner" ? await localConnector()(runner, asked.signal) : undefined;
    try {
      const made = await backUp({
        backup,
        store,
        run,
        by,
        ...(signingKey === undefined ? {} : { signingKey }),
        transport: here ?? asked.transport,
        base: asked.base,
        ...(here === undefined ? {} : { directory: root }),
        app: asked.app,
        environment: asked.environment,
        release: asked.release,
        named: asked.named,
        ...(live === null ? {} : { live }),
        ...(known === undefined ? {} : { url: known }),
        ...(mask === undefined ? {} : { mask }),
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

/** Undefined where it is gone, or cannot be used any more. */
async function stillThere(store: Store, id: string, { signedBy }: Backup) {
  const { backups } = await listBackups(store);
  const found = backups.find((each) => each.id === id && whyUnsigned(each, signedBy) === undefined);
  return found === undefined ? undefined : { id, restore: restoreCommand(found, found.environment) };
}

/** This machine, where it reaches the database itself. */
export const runner = { name: "runner", address: "localhost", port: 22, username: "", roles: [] } as const;
