// The order in which jest begins test files: what lasts longest first, so that no worker is left alone with it at the end.

/** Ends of paths; those that last ten seconds or more, as jest tells it. One that is missing here only costs time. */
const long = [
  "demo/test/demo.test.ts",
  "remote/test/scripts.test.ts",
  "cli/test/deploy.test.ts",
  "cli/test/nextMoves.test.ts",
  "transport/test/contract.test.ts",
  "engine/test/run.test.ts",
  "cli/test/repair.test.ts",
  "engine/test/backup.test.ts",
  "engine/test/switch.test.ts",
  "remote/test/job.test.ts",
  "test/upload/trees.parts.test.ts",
  "test/sweep/sweep.parts.test.ts",
  "test/runner/cancel.parts.test.ts",
  "test/workflow/deploy.parts.test.ts",
  "test/sweep/cancel.parts.test.ts",
  "test/assets/releases.parts.test.ts",
  "test/workflow/rollback.parts.test.ts",
  "actions/unlock/test/repair.parts.test.ts",
  "test/assets/published.parts.test.ts",
  "store/test/s3.parts.test.ts",
  "actions/activate/test/job.parts.test.ts",
  "test/workflow/backup.parts.test.ts",
  "test/runner/hostileInputs.parts.test.ts",
  "remote/test/shells/dash.parts.test.ts",
  "remote/test/fetch.parts.test.ts",
  "test/upload/cut.parts.test.ts",
  "transport/test/ssh.parts.test.ts",
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
