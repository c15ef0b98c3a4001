import type { Codes } from "./codes.ts";

export const usageCodes = {
  "commit-unknown": {
    cause: "The commit that is being deployed could not be named.",
    fix: "Run this in a git repository with a commit, or name one with --commit.",
  },
  "confirmation-missing": {
    cause: "Nobody is there to confirm: standard input is no terminal.",
    fix: "Look at `deploy plan`, then add --yes.",
  },
  "hand-over-empty": {
    cause: "What an earlier step or job hands over arrived empty: its output was lost, or is named wrongly.",
    fix: "Check the step's id, `needs:` and the job's `outputs:`; GitHub drops an output that holds the text of a secret. Leave the input out where nothing is handed over.",
  },
  "identity-missing": {
    cause: "There is no key to log in with.",
    fix: "Give --identity-file, or start an ssh-agent and `ssh-add` the deploy key.",
  },
  "input-invalid": {
    cause: "An input has a value that cannot be read.",
    fix: "Correct the value; booleans are `true` or `false`, durations have a unit (`30s`, `10m`).",
  },
  "input-missing": {
    cause: "A required input is empty.",
    fix: "Give it; if it is a secret, check that it exists under that name for this job and environment, and that a called workflow gets it mapped by name.",
  },
  "input-unknown": {
    cause: "An input has a name that this action does not know.",
    fix: "Correct the name; the action's README lists every input.",
  },
  "origin-refused": {
    cause:
      "The run was started by, or is about, what somebody without write access may have made: a fork's commit, or `pull_request_target`.",
    fix: "Deploy from push or workflow_dispatch.",
    inAction:
      "Deploy from push or workflow_dispatch; what is meant all the same is allowed by its name with `allow-origin`.",
  },
  "plan-invalid": {
    cause: "A file given as a plan cannot be read as one.",
    fix: "Give the plan.json that the plan step wrote, unchanged.",
  },
  "runtime-too-old": {
    cause: "What was asked for needs a newer Node than the one that runs this command.",
    fix: "Run it with Node 22.15 or newer (`npx --package node@24 --package @org/deploy deploy …` brings one).",
  },
  "release-unknown": {
    cause: "The step was not told which release to work on.",
    fix: "Run the upload step before it in the same job, or give its `release` input.",
  },
  "page-unwritable": {
    cause: "The status page could not be written where it was asked for. Nothing else is different for it.",
    fix: "Name a file in a folder that is there and that you may write to.",
  },
} as const satisfies Codes;
