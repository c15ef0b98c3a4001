import type { Log } from "./log.ts";

/** A folder that later runs of the workflow get back, where the runner has a cache. */
export interface KeptFolder {
  /** Brings the newest one of this name back; says whether there was one. */
  restore(): Promise<boolean>;
  /** Keeps it under `digest`; nothing happens where that one is kept already. */
  save(digest: string): Promise<void>;
}

/** A cache must never turn a run red: what goes wrong is said, and everything is made anew. */
export function keptFolder(name: string, folder: string, log: Pick<Log, "text" | "lend">): KeptFolder {
  const prefix = `deploy-${name}-${process.platform}-${process.arch}-`;
  let restored: string | undefined;
  const careful = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await log.lend(work);
    } catch (error) {
      log.text(`The cache could not be ${what}: ${(error as Error).message}`);
      return undefined;
    }
  };
  return {
    async restore() {
      const client = await load();
      if (!client.isFeatureAvailable()) return false;
      // The key is never one that was saved, so that the newest with the prefix is found.
      restored = await careful("read", () => client.restoreCache([folder], `${prefix}newest`, [prefix]));
      return restored !== undefined;
    },
    async save(digest) {
      const client = await load();
      const key = `${prefix}${digest}`;
      if (!client.isFeatureAvailable() || key === restored) return;
      await careful("written", () => client.saveCache([folder], key));
    },
  };
}

/** Large, and needed by few actions: loaded when it is. */
function load() {
  return import("@actions/cache");
}
