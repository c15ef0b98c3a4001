import type { Codes } from "./codes.ts";

export const planCodes = {
  "current-dangling": {
    cause: "`current` points to a release that does not exist, so nothing is live.",
    fix: "Remove the link with the command shown, then run again.",
  },
  "current-foreign": {
    cause: "`current` is a link that leaves the releases folder.",
    fix: "Check deploy-to; remove the link if nothing needs it.",
  },
  "current-not-a-link": {
    cause: "`current` is a real directory, so it cannot be switched.",
    fix: "Look at what it holds, then move it out of the way with the command shown.",
  },
  "deploy-to-shared": {
    cause:
      "Two hosts have one and the same folder at deploy-to: a shared file system, or two names of one server.",
    fix: "Keep one of the two in the config, or give each a folder of its own.",
  },
  "deploy-to-taken": {
    cause: "Another app or environment deploys to this folder.",
    fix: "Give each a deploy-to of its own; one that is gone is taken over by its name.",
  },
  "disk-full": {
    cause: "There is not enough room (bytes or inodes) for one more release.",
    fix: "Free space on the host. Old releases are removed only when a deploy has succeeded.",
  },
  "host-not-probed": {
    cause: "A host of the environment was not read before planning.",
    fix: "Probe every host, then plan again.",
  },
  "host-unfit": {
    cause:
      "A server, or what visitors reach, is in a state with which no deploy works, or in which secrets are public: `deploy doctor` calls it `stop`.",
    fix: "Do what the message says on that server, and run again.",
  },
  "not-writable": {
    cause: "The deploy user may not write to deploy-to.",
    fix: "Give the folder to that user with the command shown.",
  },
  "nothing-live": {
    cause: "A rollback was asked for, but a host serves nothing yet.",
    fix: "Deploy first.",
  },
  "plan-changed": {
    cause: "The servers or the files changed since the plan was made or approved.",
    fix: "Plan again, read it, and approve that one.",
  },
  "reconcile-artifact": {
    cause:
      "A host does not hold the fleet's release, and its packed artifact was not given, or another one was.",
    fix: "Pack the commit of that release and give its artifact, or deploy a commit to all hosts.",
  },
  "reconcile-release": {
    cause: "No release is live and proved good, and none is good on every host.",
    fix: "Deploy a commit: it brings all hosts to one release.",
  },
  "release-bad": {
    cause: "The named release failed, or was rolled back.",
    fix: "Plan again: a new id is made for the same files.",
    inAction: "Plan again, and give no `release` of an earlier plan: a new id is made for the same files.",
  },
  "release-mixed": {
    cause:
      "A release of this id holds other files on a host: two builds of one commit were planned in one second.",
    fix: "Plan again: these files get an id of their own.",
    inAction: "Plan again, and give no `release` of an earlier plan: these files get an id of their own.",
  },
  "release-name": {
    cause: "The named release is not an id that a plan gave.",
    fix: "Use the id an earlier plan gave, or none.",
  },
  "rollback-floor": {
    cause: "Since that release `migrate.after` took from the database what it needs.",
    fix: "Deploy a commit that works with the database as it is now.",
  },
  "rollback-target": {
    cause: "The fleet cannot go back to that release.",
    fix: "Name one of the possible releases listed, or deploy an older commit.",
  },
  "shared-missing": {
    cause: "A file declared under `shared` does not exist on the host.",
    fix: "Create it once with the command shown.",
  },
  "tool-missing": {
    cause: "A program that deploying needs is not on the host.",
    fix: "Install it with the host's package manager.",
  },
} as const satisfies Codes;
