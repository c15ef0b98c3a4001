/**
 * Test files that take long, in pairs of about the same length, by the ends of their paths: a run of CI takes one of each
 * pair, on the next day the other; all of them by `npm run test:whole`. What is in no pair runs every time.
 */
const pairs: readonly (readonly [string, string])[] = [
  ["test/upload/trees", "actions/unlock/test/repair"],
  ["test/runner/cancel", "test/runner/hostileInputs"],
  ["test/workflow/backup", "test/runner/refused"],
  ["test/backup/drivers/mysql", "test/workflow/rollback"],
  ["test/assets/releases", "test/assets/published"],
  ["packages/transport/test/ssh", "test/sweep/cancel"],
  ["actions/activate/test/job", "test/actions/handedOver"],
  ["packages/remote/test/dump/mysqlSwap", "test/workflow/steps"],
  ["test/runner/dryRun", "packages/remote/test/dump/mysql"],
  ["packages/remote/test/shells/bash", "packages/remote/test/shells/dash"],
  ["test/assets/tools", "test/runner/secretsData"],
  ["test/backup/drivers/postgres", "test/runner/upload"],
  ["test/runner/job", "test/runner/secrets"],
  ["test/runner/hostileData", "test/runner/backup"],
  ["test/runner/hostileFiles", "test/upload/cut"],
  ["packages/remote/test/dump/postgres", "packages/remote/test/dump/postgresFaults"],
  ["packages/transport/test/keys/knownHosts", "packages/backup/test/globals"],
  ["packages/remote/test/fetch", "test/workflow/assets"],
  ["test/backup/stored", "test/backup/lost"],
  ["test/runner/hostileOutput", "test/upload/rsync"],
  ["packages/store/test/s3", "packages/store/test/moto"],
  ["test/upload/pull", "test/backup/changed"],
  ["packages/remote/test/dump/files", "test/runner/assets"],
  ["test/configure/apply", "test/configure/levels"],
  ["test/newcomer/newcomer", "test/durable/cut"],
  ["test/pool/load", "test/reload/servers"],
  ["test/backup/drivers/files", "test/backup/drivers/sqlite"],
  ["test/durable/reboot", "test/durable/killed"],
  ["packages/remote/test/dump/mysqlLegal", "test/upload/plain"],
  ["test/workflow/ready", "packages/cli/test/daily"],
  ["test/faults/channels", "test/actions/sshdMoves"],
  ["test/actions/databaseMoves", "test/actions/storeMoves"],
];

/** Those that are the other ones' turn to run. `seed`: the day's number. */
export function resting(seed: number, share = process.env.DEPLOY_SHARE): readonly string[] {
  return share === "all" ? [] : pairs.map((pair) => `/${pair[(seed + 1) % 2]}.parts.test.ts`);
}

/** Every path in a pair. */
export const paired: readonly string[] = pairs.flat().map((path) => `${path}.parts.test.ts`);
