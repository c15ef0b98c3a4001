import type { BackupManifest } from "../types.ts";

/** The line that puts this backup in the place of the database: its name in `--confirm` is what a restore over it asks for. */
export function restoreCommand({ id, database }: BackupManifest, environment: string): string {
  return `deploy restore ${id} --environment ${quote(environment)} --confirm ${quote(database.name)}`;
}

/** One word for a POSIX shell. */
function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
