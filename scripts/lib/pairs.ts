/**
 * Test files that take long, in pairs of about the same length, by the ends of their paths: a run of CI takes one of each
 * pair, on the next day the other; all of them by `npm run test:whole`. What is in no pair runs every time.
 */
const pairs: readonly (readonly [string, string])[] = [
  ["test/upload/trees", "actions/unlock/test/repair"],
  ["test/runner/cancel", "test/runner/hostileInputs"],
  ["test/workflow/backup", "test/workflow/rollback"],
  ["test/assets/releases", "test/assets/published"],
  ["packages/transport/test/ssh", "test/sweep/cancel"],
  ["actions/activate/test/job", "test/actions/handedOver"],
  ["packages/remote/test/dump/mysql", "test/runner/backup"],
  ["packages/remote/test/dump/postgres", "packages/remote/test/dump/postgresFaults"],
  ["test/upload/cut", "packages/remote/test/fetch"],
  ["packages/backup/test/globals", "test/backup/stored"],
  ["test/upload/rsync", "test/upload/pull"],
];

/** Those that are the other ones' turn to run. `seed`: the day's number. */
export function resting(seed: number, share = process.env.DEPLOY_SHARE): readonly string[] {
  return share === "all" ? [] : pairs.map((pair) => `/${pair[(seed + 1) % 2]}.parts.test.ts`);
}

/** Every path in a pair. */
export const paired: readonly string[] = pairs.flat().map((path) => `${path}.parts.test.ts`);
