import type { Codes } from "./codes.ts";

export const runCodes = {
  "command-ended": {
    cause: "The run was cancelled, so a command on a host was ended with all that it started.",
    fix: "Run the same thing again: the command begins anew.",
  },
  "command-failed": {
    cause: "A configured command ended with an exit code other than 0.",
    fix: "Its output is in the log, under the host's name.",
  },
  "command-killed": {
    cause: "A command on a host was ended by a signal.",
    fix: "Look for an out-of-memory kill on the host (dmesg, journalctl -k), then run it again.",
  },
  "command-left-running": {
    cause:
      "The run was cancelled and did not learn whether its command on a host has ended: it may go on there.",
    fix: "Look for its process on the host before you run the same thing again.",
  },
  internal: { cause: "A defect in deploy itself.", fix: "Please report it with the log of this run." },
  "live-unknown": {
    cause: "What a host serves could not be read when the run ended.",
    fix: "Reach the host again, then run `deploy status`.",
  },
  "job-ended": {
    cause:
      "A job was ended: the run was cancelled with `on-cancel: terminate`, or a timeout of the config was over.",
    fix: "Run again with `--retry` to start it anew.",
    inAction: "Run again with `retry: true` to start it anew.",
  },
  "job-left-running": {
    cause: "The run stopped waiting for a migration that goes on by itself.",
    fix: "Follow it with `deploy status`; run the same deploy again to attach to it.",
  },
  "job-lost": {
    cause: "A migration began and left no exit code: the host was restarted, or its process was killed.",
    fix: "Look at the database, then run again with `--resolve retry` or `--resolve done`.",
    inAction: "Look at the database, then run again with `resolve: retry` or `resolve: done`.",
  },
  "means-missing": {
    cause: "The plan does something that this program was not given the means for.",
    fix: "Use an action or command that has them, with the inputs that its page names for it.",
  },
  "migration-failed": {
    cause: "The migration ended with an exit code other than 0.",
    fix: "Mend the cause, then run again with `--retry`, or deploy a commit that mends it.",
    inAction: "Mend the cause, then run again with `retry: true`, or deploy a commit that mends it.",
  },
  "not-armed": {
    cause: "A host was not ready to switch in time, so nobody was switched.",
    fix: "Look at the load of that host, and at what holds .deploy/lock/mutex there; then run the same thing again.",
  },
  "not-prepared": {
    cause: "The release is not whole on every host, so nobody was switched.",
    fix: "Run the upload step for this release first.",
  },
  unhealthy: {
    cause: "The application did not prove its health in time.",
    fix: "Look at the application's own log on the host; `health.within` sets how long it may take.",
  },
} as const satisfies Codes;
