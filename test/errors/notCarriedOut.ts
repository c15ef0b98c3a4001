import type { ErrorCode } from "@deploy/core";

/**
 * Codes whose next move no test carries out, by why. A new code has its move carried out (cli/test/*Moves,
 * test/actions/*Moves) or is added here.
 */
export const notCarriedOut: Readonly<Record<string, readonly ErrorCode[]>> = {
  "Its move is outside: a server, a network or a program there is set right": [
    "backup-client-old",
    "config-helper",
    "key-restricted",
    "pool-delay",
    "pool-denied",
    "restore-busy",
    "runtime-too-old",
  ],
  "Its move is the same run again, which the tests of interrupted runs do": [
    "assets-worker",
    "backup-conflict",
    "backup-unproved",
    "body-changed",
    "object-changed",
    "object-short",
    "store-expired",
    "store-failed",
  ],
  "Its move is of whoever owns the store, or of AWS": [
    "bucket-missing",
    "object-damaged",
    "object-missing",
    "oidc-unavailable",
    "store-clock",
    "store-credentials",
    "store-denied",
    "store-full",
    "store-region",
    "store-role-refused",
    "upload-left",
  ],
  "Its move is one file of the project, changed as the message says": ["artifact-unwritable"],
  "Its move is another value of the one that the message names": ["database-pooler", "database-url"],
  "Its move is another plan, release or backup, as for the codes that are carried out": ["host-not-probed"],
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
    "fetch-failed",
    "fetch-unavailable",
    "manifest-damaged",
    "manifest-missing",
    "base-changed",
    "store-unfetchable",
  ],
  "No run ends with it: it stands in another's message (`unhealthy`), or the run was cancelled and says that":
    ["connect-stopped", "http-failed", "http-refused", "http-timeout"],
  "Each run of it waits, for 15 seconds to two minutes, which the tests of engine and transport shorten": [
    "connect-timeout",
    "handshake-stalled",
    "live-unknown",
    "not-armed",
  ],
};
