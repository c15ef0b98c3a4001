import type { Codes } from "./codes.ts";

/** Backups and restores. */
export const backupCodes = {
  "backup-cancelled": {
    cause: "The run was told to stop during a backup or a restore.",
    fix: "Nothing half-done counts: run it again when you like.",
  },
  "backup-client-old": {
    cause:
      "The client tools on the host are older than the database's server, which they refuse to dump, or than those that made the backup.",
    fix: "Install the client of the version that the message names on that host, for PostgreSQL `postgresql-client-N`.",
  },
  "backup-conflict": {
    cause: "An object of this name is in the store already, and objects are never overwritten.",
    fix: "Run it again: a new backup gets a new name.",
  },
  "backup-cut": {
    cause:
      "The connection to the host was lost while the dump was on its way, so nobody knows whether it is whole.",
    fix: "Run it again; if it stays, make the backup on a host near the database, or look at the network's idle timeouts.",
  },
  "backup-damaged": {
    cause: "What the store holds is not what was stored: altered, cut, or another object.",
    fix: "Restore another backup (`deploy backups`), and look at who may write to the store; versioning and Object Lock keep the original.",
  },
  "backup-empty": {
    cause: "The dump ended well and holds next to nothing.",
    fix: "Check that the URL names the right database, and lower `minimum-size` if it is meant to be this small.",
  },
  "backup-identity": {
    cause: "The database is another one than that of the last backup of this app and environment.",
    fix: "Check the URL; if the database was moved on purpose, run it once more with `--allow-identity-change`.",
    inAction:
      "Check the URL; if the database was moved on purpose, run it once more with `allow-identity-change: true`.",
  },
  "backup-key": {
    cause:
      "The age identity is missing, cannot be read, or is not the one that this backup was encrypted for.",
    fix: "Give the private key (AGE-SECRET-KEY-…) that belongs to one of the recipients: `--age-key FILE` or the variable DEPLOY_AGE_KEY.",
    inAction: "Give the private key (AGE-SECRET-KEY-…) that belongs to one of the recipients as `age-key`.",
  },
  "backup-manifest": {
    cause:
      "A manifest in the store cannot be used: another tool or a newer version wrote it, or it was altered.",
    fix: "Choose another backup; `deploy backups` says what is wrong with which.",
  },
  "backup-missing": {
    cause: "The store holds no backup of this name.",
    fix: "`deploy backups` lists what is there.",
  },
  "backup-recipient": {
    cause: "What the backup is to be encrypted to is no age recipient.",
    fix: "Give what `age-keygen` prints as public key (age1…).",
  },
  "backup-signing-key": {
    cause:
      "The key that signs backups is missing, cannot be read, or is none of those that the config names (`signed-by`).",
    fix: "Set BACKUP_SIGNING_KEY, or give --signing-key, to the private half that `deploy keygen` printed beside one of these public ones.",
    inAction:
      "Give the private half of one of these public keys as `signing-key`. In a called workflow map the secret BACKUP_SIGNING_KEY by its name.",
  },
  "backup-source": {
    cause: "What shall be backed up or restored cannot be reached or read.",
    fix: "Check the URL or the path; the message holds the words of the database's own tool.",
  },
  "backup-unconfigured": {
    cause: "Neither the config nor an input says what is to be backed up, or where to.",
    fix: "Write `backup` with `database` and `store` into the config.",
    inAction: "Write `backup` with `database` and `store` into the config, or give both as inputs.",
  },
  "backup-unproved": {
    cause: "The backup was stored and then did not stand its proof, so it does not count.",
    fix: "Run it again; if it stays, the message says which of the two differ.",
  },
  "backup-unsigned": {
    cause:
      "The config says who signs backups, and this one is not signed so, or is another app's or environment's: whoever may write to the store may have put it there.",
    fix: "Choose another one: `deploy backups` says which are signed. If you know where it comes from, restore it by its id with `--unsigned`; another's is named with `--of app/environment`.",
    inAction:
      "Choose another one. If you know where it comes from, restore it by its id with `unsigned: true`; another's is named with `of: app/environment`.",
  },
  "database-pooler": {
    cause:
      "The URL leads to a pooler that shares the server's sessions (PgBouncer in transaction mode, `pgbouncer=true`). A dump changes the settings of its session, and live queries would get them.",
    fix: "Give the server's own address and port (5432, where PgBouncer has 6432), or a pool of the same server in session mode.",
  },
  "database-url": {
    cause: "The database's URL cannot be read, or says something that a dump cannot use.",
    fix: "Write postgres://user:password@host:5432/name, and percent-encode what is special in user and password (`@` is %40, `/` is %2F).",
  },
  "restore-busy": {
    cause: "Others use the database, so it cannot be replaced.",
    fix: "Stop what the message names, or let the restore end their sessions with `--disconnect`.",
    inAction: "Stop what the message names, or let the restore end their sessions with `disconnect: true`.",
  },
  "restore-confirm": {
    cause: "A restore over an existing database is only done when its name is typed.",
    fix: "Give the database's own name with `--confirm`, or restore into a new database with `--into`.",
    inAction: "Give the database's own name as `confirm`, or restore into a new database with `into`.",
  },
  "restore-damaged": {
    cause: "What arrived on the host is not what the backup's manifest describes. Nothing was put in place.",
    fix: "Run it again; if it stays, this backup is damaged: choose another one.",
  },
  "restore-exists": {
    cause: "What the restore would make exists already, and nothing is ever overwritten.",
    fix: "Choose another name, or remove what is there.",
  },
  "restore-failed": {
    cause: "The backup could not be brought back whole, so nothing was put in the place of anything.",
    fix: "Read what the database said; run it again.",
  },
  "restore-incomplete": {
    cause:
      "Not all of the backup could be brought back, and the restore went on past what failed, as it was asked to.",
    fix: "Mend what the notes name and restore again, or use what is there; it is never put in the place of the database.",
  },
  "restore-refused": {
    cause: "This backup cannot be restored that way.",
    fix: "Read the message; nothing was touched.",
  },
  "restore-unsafe": {
    cause:
      "The backup holds something that a restore never creates: a path or link that leads out, a device, a set-user-id file.",
    fix: "Look into the backup with its own tool before you trust it.",
  },
} as const satisfies Codes;
