import { duration } from "../amounts.ts";
import type { Backup, StoreSettings } from "../config/types.ts";
import { count, list } from "../plan/words.ts";

/** What a backup is of, where it goes, who can read it, how it is proved and how long it stays: read before anyone approves. */
export function backupWords(backup: Backup): string {
  const { store } = backup;
  if (store === undefined)
    return `${sourceWords(backup)}, on the leader's own disk, NOT encrypted; ${localWords(backup)}`;
  const from = backup.from === "runner" ? "dumped on the runner, " : "";
  return [
    `${sourceWords(backup)}, ${from}to ${storeWords(store)}, ${secrecyWords(backup)}`,
    proofWords(backup),
    keepWords(backup),
  ].join("; ");
}

const servers = { postgres: "PostgreSQL", mysql: "MySQL", mariadb: "MariaDB" } as const;

function sourceWords(backup: Backup): string {
  switch (backup.database) {
    case "sqlite":
      return `the SQLite file shared/${backup.path}`;
    case "files":
      return list(backup.paths.map((path) => `shared/${path}`));
    case "command":
      return "what the first command dumps";
    default:
      return `the ${servers[backup.database]} database of ${backup.urlSecret}`;
  }
}

function storeWords({ to, endpoint }: StoreSettings): string {
  return endpoint === undefined ? to : `${to} at ${endpoint}`;
}

function secrecyWords({ encryptTo }: Backup): string {
  return encryptTo.length === 0 ? "NOT encrypted" : `encrypted to ${count(encryptTo.length, "recipient")}`;
}

function proofWords({ database, proof }: Backup): string {
  const read = database === "command" ? "read whole by the second command" : "read whole";
  return proof === "restore"
    ? `proved by being ${read}, read back and restored into a scratch copy`
    : `proved by being ${read} and read back`;
}

function localWords(backup: Backup): string {
  const proved =
    backup.database === "command" ? "proved by the second command" : "proved by an integrity check";
  return `${proved}; ${keepWords(backup)}`;
}

function keepWords({ keep, keepFor }: Backup): string {
  const newest = keep === 1 ? "only the newest is kept" : `the newest ${keep} are kept`;
  return keepFor === undefined ? newest : `${newest}, and all of the last ${duration(keepFor)}`;
}
