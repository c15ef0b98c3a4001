import type { ErrorCode } from "@deploy/core";

/**
 * Codes whose next move no test carries out, by why. A new code has its move carried out (cli/test/*Moves,
 * test/actions/*Moves) or is added here.
 */
export const notCarriedOut: Readonly<Record<string, readonly ErrorCode[]>> = {
  "Its move is a program of another version than this machine has: a client of PostgreSQL, Node": [
    "backup-client-old",
    "runtime-too-old",
  ],
  "Its move is root's on a server: test/configure and cli/test/planKey.parts do it, at another level": [
    "config-helper",
    "key-restricted",
  ],
  "Its move is the same run again, after a worker of the build had no memory": ["assets-worker"],
  "Its move is another's: a server of git, or who may push to it; test/upload/git.parts and gitWeb.parts see each":
    ["git-access", "git-commit-missing", "git-failed", "git-host-key", "git-refused"],
  "Its move is another version, name or key, or the same again; packages/package/test does it, at another level":
    ["index-busy", "package-collision", "package-invalid"],
  "Its move is a command of AWS's own client, which no test has": ["upload-left"],
  "Its move is the hoster's, or another certificate or password; transport/test/hut/ftp and cli/test/ftp.parts see each":
    ["certificate-refused", "connections-refused", "password-missing"],
  "Its move is to change what is asked for: packages/cli/test/sftp.parts and testkit's hutContract see each":
    ["hut-cannot", "path-taken"],
  "Its move is to install Ansible, or to mend a playbook; test/playbook sees each": [
    "ansible-unusable",
    "playbook-ended",
    "playbook-failed",
    "playbook-missing",
  ],
  "Its move is to look, wait or report": [
    "restore-incomplete",
    "command-left-running",
    "internal",
    "job-done",
    "job-missing",
    "means-missing",
    "object-range",
    "restore-refused",
    "step-failed",
  ],
  "The run does by itself what it says, and goes on: it stands in the log alone": [
    "base-changed",
    "fetch-failed",
    "fetch-unavailable",
    "manifest-damaged",
    "manifest-missing",
    "store-unfetchable",
  ],
  "No run ends with it: it stands in another's message (`unhealthy`), or the run was cancelled and says that":
    ["connect-stopped", "http-failed", "http-refused", "http-timeout"],
  "No run ends with it: a session probes all hosts, and of a backup whose object is gone `backup-damaged` is said":
    ["host-not-probed", "object-missing"],
  "Each run of it waits, for 15 seconds to two minutes, which the tests of the packages shorten": [
    "connect-timeout",
    "handshake-stalled",
    "live-unknown",
    "not-armed",
    "object-short",
  ],
};
