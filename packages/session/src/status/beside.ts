import { listBackups } from "@deploy/backup";
import { type BackupsSeen, type Config, hostOf, problemOf, type StatusView } from "@deploy/core";
import { certificateAt } from "@deploy/transport";
import { openConfigured } from "../store.ts";
import type { DrawOptions } from "./draw.ts";

interface Beside {
  readonly seen: Pick<StatusView, "backups" | "certificate">;
  readonly warnings: readonly string[];
}

/** What a page tells beside the servers: the backups in their store, and the certificate of the site. Never throws. */
export async function lookBeside(config: Config, options: DrawOptions): Promise<Beside> {
  const [certificate, { backups, warnings }] = await Promise.all([
    certificateOf(config),
    backupsOf(config, options),
  ]);
  return { seen: { ...(certificate && { certificate }), ...(backups && { backups }) }, warnings };
}

async function certificateOf({ url }: Config) {
  if (url === undefined || !url.startsWith("https:")) return undefined;
  return certificateAt(hostOf(url), hostOf(url), Number(new URL(url).port || 443));
}

async function backupsOf(
  { backup }: Config,
  { identity, where }: DrawOptions,
): Promise<{ readonly backups?: BackupsSeen; readonly warnings: readonly string[] }> {
  if (backup?.store === undefined) return { warnings: [] };
  try {
    const { store } = openConfigured(backup.store, identity, where);
    try {
      const { backups, damaged } = await listBackups(store);
      const whole = backups.map(({ id, created, stored, database, release = "", proofs }) => ({
        ...{ id, created: new Date(created), size: stored.size, database: database.name, release, proofs },
      }));
      return { backups: { whole, damaged: damaged.length }, warnings: [] };
    } finally {
      store.close();
    }
  } catch (error) {
    const { message } = problemOf(error);
    return { warnings: [`The backups could not be listed, the page does without: ${message}`] };
  }
}
