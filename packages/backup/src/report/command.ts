import type { BackupManifest } from "../types.ts";

/**
 * The line that puts this backup in the place of the database: its name in `--confirm` is what a restore over it asks for. What
 * is encrypted needs the file of the age key, wherever that lies; what was proved without owners comes back without them.
 */
export function restoreCommand(
  { id, database, plainOwners, recipients }: BackupManifest,
  environment: string,
): string {
  const key = recipients.length === 0 ? "" : " --age-key key.txt";
  const owners = plainOwners === true ? " --plain-owners" : "";
  return `deploy restore ${id} --environment ${quote(environment)}${key}${owners} --confirm ${quote(database.name)}`;
}

/** One word for a POSIX shell. */
function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
