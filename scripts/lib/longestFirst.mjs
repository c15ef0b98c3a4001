// The order in which jest begins test files: what lasts longest first, so that no worker is left alone with it at the end.

/** Ends of paths; those that last ten seconds or more, as jest tells it. One that is missing here only costs time. */
const long = [
  "remote/test/scripts.test.ts",
  "cli/test/nextMoves.test.ts",
  "cli/test/deploy.test.ts",
  "transport/test/contract.test.ts",
  "test/actions/runMoves.test.ts",
  "demo/test/demo.test.ts",
  "test/actions/deployMoves.test.ts",
  "test/actions/againMoves.test.ts",
  "test/actions/hostMoves.test.ts",
  "engine/test/run.test.ts",
  "test/actions/backupMoves.test.ts",
  "engine/test/pools/leave.test.ts",
  "engine/test/backup.test.ts",
  "test/actions/nextMoves.test.ts",
  "cli/test/cutMoves.test.ts",
  "cli/test/repair.test.ts",
  "cli/test/backup.test.ts",
  "engine/test/migrate.test.ts",
  "engine/test/canary.test.ts",
  "remote/test/job.test.ts",
  "test/actions/fileMoves.test.ts",
  "engine/test/methods/methods.test.ts",
  "engine/test/wayBack.test.ts",
  "engine/test/upload.test.ts",
  "test/actions/valueMoves.test.ts",
  "engine/test/switch.test.ts",
  "engine/test/deliver.test.ts",
  "engine/test/health.test.ts",
  "engine/test/finish.test.ts",
  "cli/test/without.test.ts",
  "test/upload/trees.parts.test.ts",
  "test/sweep/sweep.parts.test.ts",
  "test/runner/cancel.parts.test.ts",
  "test/workflow/deploy.parts.test.ts",
  "actions/unlock/test/repair.parts.test.ts",
  "test/backup/drivers/mysql.parts.test.ts",
  "test/workflow/backup.parts.test.ts",
  "remote/test/shells/busybox.parts.test.ts",
  "test/workflow/rollback.parts.test.ts",
  "test/sweep/cancel.parts.test.ts",
  "test/assets/releases.parts.test.ts",
  "transport/test/ssh.parts.test.ts",
  "test/reload/servers.parts.test.ts",
  "actions/activate/test/job.parts.test.ts",
  "test/runner/hostileInputs.parts.test.ts",
  "test/pool/load.parts.test.ts",
  "test/assets/published.parts.test.ts",
  "remote/test/dump/mysqlSwap.parts.test.ts",
  "remote/test/shells/bash.parts.test.ts",
  "test/newcomer/newcomer.parts.test.ts",
  "test/durable/cut.parts.test.ts",
  "test/assets/shelf/shelf.parts.test.ts",
  "test/actions/handedOver.parts.test.ts",
  "backup/test/globals.parts.test.ts",
  "remote/test/dump/mysql.parts.test.ts",
  "test/configure/apply.parts.test.ts",
];

export default class LongestFirst {
  /** Larger files first among the others: what jest itself does where it has no times of an earlier run. */
  sort(tests) {
    const rank = ({ path }) => {
      const found = long.findIndex((end) => path.endsWith(`/${end}`));
      return found < 0 ? long.length : found;
    };
    const size = (test) => test.context.hasteFS.getSize(test.path) ?? 0;
    return [...tests].sort((one, other) => rank(one) - rank(other) || size(other) - size(one));
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
