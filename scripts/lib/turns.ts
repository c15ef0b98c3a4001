/**
 * Test files that take long, by the ends of their paths, in rows of about the same length: a run of CI takes one of each
 * row, on the next day the next; all of them by `npm run test:whole`. What is in no row runs every time.
 */
const parts: readonly (readonly string[])[] = [
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
  ["packages/transport/test/hut/sweep", "packages/transport/test/hut/sftp"],
  [
    "packages/transport/test/hut/ftp/vsftpdExplicit",
    "packages/transport/test/hut/ftp/proftpdExplicit",
    "packages/transport/test/hut/ftp/pureFtpdExplicit",
    "packages/transport/test/hut/ftp/vsftpdPlain",
    "packages/transport/test/hut/ftp/proftpdPlain",
    "packages/transport/test/hut/ftp/pureFtpdPlain",
    "packages/transport/test/hut/ftp/vsftpdImplicit",
    "packages/transport/test/hut/ftp/proftpdImplicit",
  ],
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
  [
    "test/upload/cut",
    "test/upload/rsync",
    "test/upload/git",
    "test/upload/gitHostile",
    "packages/remote/test/fetch",
  ],
  ["packages/transport/test/keys/knownHosts", "packages/backup/test/globals", "test/faults/hosts"],
  ["test/configure/apply", "test/configure/levels", "test/durable/cut", "test/playbook/playbook"],
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
  ["test/package/apt", "test/package/publish", "packages/package/test/deb"],
  ["test/pull/puller", "test/pull/birth", "test/pull/role"],
  ["test/durable/reboot", "test/durable/killed", "test/durable/fenced"],
  [
    "test/newcomer/stacks/express",
    "test/newcomer/stacks/vite",
    "test/newcomer/stacks/rails",
    "test/newcomer/stacks/django",
  ],
  [
    "test/newcomer/prepare",
    "test/newcomer/doctor",
    "test/newcomer/stacks/next",
    "test/newcomer/comingFromFtp",
  ],
];

/** The same of what needs no program but Node. */
const fast: readonly (readonly string[])[] = [
  ["test/actions/deployMoves", "test/actions/runMoves", "packages/cli/test/nextMoves"],
  ["test/actions/hostMoves", "test/actions/againMoves", "packages/cli/test/cutMoves"],
  ["packages/cli/test/without", "packages/cli/test/repair", "packages/cli/test/backup"],
];

const rows = { fast, parts };
const ends = { fast: ".test.ts", parts: ".parts.test.ts" };
type Kind = keyof typeof rows;

/** Those that are the other ones' turn to run. `seed`: the day's number. */
export function resting(kind: Kind, seed: number, share = process.env.DEPLOY_SHARE): readonly string[] {
  if (share === "all") return [];
  const rest = rows[kind].flatMap((row) => row.filter((_path, at) => at !== seed % row.length));
  return rest.map((path) => `/${path}${ends[kind]}`);
}

/** Every path in a row. */
export const taking = (kind: Kind): readonly string[] =>
  rows[kind].flat().map((path) => `${path}${ends[kind]}`);
