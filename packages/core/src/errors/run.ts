import type { Codes } from "./codes.ts";

export const runCodes = {
  "changed-by-hand": {
    cause:
      "A file of the live release, or one of a server's that deploy writes, is not as the last deploy left it; or it could not be compared.",
    fix: "Take what was changed into the repository and deploy it; or make the release anew: `deploy run --force`, with `--drift overwrite` for a server's file. What the application writes itself is named in `writes` of the config.",
    inAction:
      "Take what was changed into the repository and deploy it; or make the release anew: deploy with `force: true`, and `drift: overwrite` for a server's file. What the application writes itself is named in `writes` of the config.",
  },
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
  "ansible-unusable": {
    cause: "The config has a `playbook`, and Ansible is not on the runner, or older than ansible-core 2.14.",
    fix: "Install it on the machine that runs this: `pipx install ansible-core`, or `apt-get install ansible-core`.",
  },
  internal: { cause: "A defect in deploy itself.", fix: "Please report it with the log of this run." },
  "playbook-ended": {
    cause: "A playbook was cut off: the run was cancelled, or its `timeout` is over.",
    fix: "Run the same thing again: a playbook that says how things shall be goes on where it was.",
  },
  "playbook-failed": {
    cause: "A task of the playbook failed on a host, or Ansible found no way to it.",
    fix: "Read what Ansible says in the log, mend the task or the host, and run it again. What it changed before stays.",
  },
  "playbook-missing": {
    cause: "The file that `playbook` of the config names is not in the release.",
    fix: "Correct `playbook`; its folder must be part of what is shipped: look at `source` and `exclude`.",
  },
  "live-unknown": {
    cause: "What a host serves could not be read when the run ended.",
    fix: "Reach the host again, then run `deploy status`.",
    inAction: "Reach the host again, then run the `status` action.",
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
    inAction: "Run the same deploy again to attach to it.",
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
  "canary-missing": {
    cause:
      "The hosts that a release is tried out on first are left out, so nobody would be looked at before the others follow.",
    fix: "Name others in `activate.canary.hosts`, or bring those back; then plan again.",
  },
  "pool-delay": {
    cause:
      "A target group waits for another time than the config says before it lets a host go, so the plan told something else than what would be.",
    fix: "Write what it says to `pool.deregistration-delay`, or set the group's attribute; then run the same thing again.",
  },
  "pool-denied": {
    cause: "AWS refused us a call to the load balancers.",
    fix: "Grant elasticloadbalancing:RegisterTargets and elasticloadbalancing:DeregisterTargets on the group's ARN, and elasticloadbalancing:DescribeTargetGroups, elasticloadbalancing:DescribeTargetGroupAttributes and elasticloadbalancing:DescribeTargetHealth on *, to the role or user of these credentials; then run the same thing again.",
  },
  "pool-short": {
    cause:
      "Taking another host out of the pool would leave too few in it: others are down, or were taken out by somebody else.",
    fix: "Bring those back that are missing, or allow more with `rolling.max-unavailable`; then run the same thing again.",
  },
  "pool-unconfirmed": {
    cause: "What a host was asked for did not show in the pool in time, so nothing was done to it.",
    fix: "Look at what the balancer says of this host; `pool.within` sets how long it may take.",
  },
  "pool-unreadable": {
    cause: "Where a host stands in its pool could not be read, so nobody was taken out.",
    fix: "Ask the balancers by hand: the pool's `read` must print in, draining, out or down, and its sockets must answer all alike.",
  },
  "soak-bad": {
    cause: "Hosts that served the release before the others did not do well.",
    fix: "Look at what the message names and at the application's log there, then deploy a mended commit. What counts as well is set by `activate.canary`.",
  },
  "soak-unclear": {
    cause:
      "Whether hosts that serve the release before the others do well could not be told, so a person decides.",
    fix: "Look at them. The same deploy again goes on to all hosts; a rollback goes back: `deploy rollback`.",
    inAction:
      "Look at them. The same deploy again goes on to all hosts; a rollback goes back: run the action rollback.",
  },
  "release-untold": {
    cause:
      "The application answers well and does not tell which release it has loaded, so that nobody knows whether the new one is served.",
    fix:
      "Let it answer with the id, which stands in the release's file RELEASE (docs/guides/health.md has the lines for each stack), or " +
      "set `health.expect-release: false`: then any good answer counts as proof, an old process's too.",
  },
  unhealthy: {
    cause: "The application did not prove its health in time.",
    fix: "Look at the application's own log on the host; `health.within` sets how long it may take.",
  },
} as const satisfies Codes;
