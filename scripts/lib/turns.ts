/**
 * Test files that take long, by the ends of their paths, in rows of about the same length: a run of CI takes one of each
 * row, on the next day the next; all of them by `npm run test:whole`. What is in no row runs every time.
 */
const rows: readonly (readonly string[])[] = [
  ["test/upload/trees", "actions/unlock/test/repair", "test/pool/load"],
  ["test/runner/cancel", "test/runner/refused", "test/reload/servers"],
  [
    "test/workflow/backup",
    "test/workflow/rollback",
    "test/workflow/ready",
    "test/workflow/prepare",
    "test/workflow/several",
  ],
  ["test/assets/releases", "test/assets/published", "test/assets/shelf/shelf"],
  ["packages/transport/test/ssh", "test/sweep/cancel", "packages/cli/test/daily"],
  ["actions/activate/test/job", "test/actions/handedOver", "test/runner/dryRun"],
  ["packages/remote/test/dump/mysqlSwap", "packages/remote/test/dump/mysql", "test/backup/drivers/mysql"],
  [
    "packages/remote/test/shells/bash",
    "packages/remote/test/shells/dash",
    "packages/remote/test/shells/busybox",
  ],
  ["test/workflow/steps", "test/newcomer/newcomer", "test/runner/hostileInputs"],
  [
    "test/backup/drivers/postgres",
    "packages/remote/test/dump/postgres",
    "packages/remote/test/dump/postgresFaults",
  ],
  ["test/assets/tools", "test/workflow/assets", "scripts/test/bundle"],
  ["test/runner/job", "test/runner/secrets", "test/runner/secretsData"],
  ["test/runner/hostileData", "test/runner/hostileFiles", "test/runner/hostileOutput"],
  ["test/runner/backup", "test/backup/stored", "test/backup/lost"],
  ["test/upload/cut", "test/upload/rsync", "packages/remote/test/fetch"],
  ["packages/transport/test/keys/knownHosts", "packages/backup/test/globals", "test/faults/hosts"],
  ["test/configure/apply", "test/configure/levels", "test/durable/cut"],
  [
    "test/faults/channels",
    "test/actions/sshdMoves",
    "test/runner/upload",
    "test/actions/databaseMoves",
    "test/actions/storeMoves",
  ],
  ["test/upload/pull", "test/backup/changed", "test/upload/plain", "test/page/page"],
  ["packages/store/test/s3", "packages/store/test/moto", "packages/remote/test/dump/mysqlLegal"],
  ["packages/remote/test/dump/files", "test/runner/assets", "packages/store/test/faults"],
  ["test/backup/drivers/files", "test/backup/drivers/sqlite", "packages/store/test/memory"],
  ["test/durable/reboot", "test/durable/killed", "test/durable/fenced"],
  [
    "test/newcomer/stacks/express",
    "test/newcomer/stacks/vite",
    "test/newcomer/stacks/rails",
    "test/newcomer/stacks/django",
  ],
];

/** Those that are the other ones' turn to run. `seed`: the day's number. */
export function resting(seed: number, share = process.env.DEPLOY_SHARE): readonly string[] {
  if (share === "all") return [];
  const rest = rows.flatMap((row) => row.filter((_path, at) => at !== seed % row.length));
  return rest.map((path) => `/${path}.parts.test.ts`);
}

/** Every path in a row. */
export const taking: readonly string[] = rows.flat().map((path) => `${path}.parts.test.ts`);
