import type { Codes } from "./codes.ts";

export const remoteCodes = {
  "answer-unreadable": {
    cause: "A host's answer was cut off or mixed with other output, so what happened there is not known.",
    fix: "Run it again; if it stays, run `ssh HOST true` and remove what the login shell prints or reads.",
  },
  "argument-refused": {
    cause: "A value cannot be passed to a host safely, or is not of the form needed.",
    fix: "Change the value that the message names.",
  },
  "backup-failed": {
    cause: "The dump failed, was empty, or did not verify. Nothing was migrated.",
    fix: "Run the dump command by hand on the leader and mend what it reports.",
  },
  "base-changed": {
    cause: "Files of the release on the host are not as they were deployed, so they cannot be reused.",
    fix: "Run it again: everything is then sent whole.",
  },
  "current-changed": {
    cause: "`current` on the host is not what the plan saw.",
    fix: "Someone deployed or moved the link meanwhile: plan again.",
  },
  "current-unusable": {
    cause: "`current` on the host is a directory or file, or leads outside releases/.",
    fix: "Move it away on the host, then plan again.",
  },
  "deploy-to-missing": {
    cause: "The host has no folder that was prepared by deploy.",
    fix: "Check deploy-to; then deploy again, which prepares it.",
    inAction: "Check deploy-to; then run the upload step, which prepares it.",
  },
  "env-file-malformed": {
    cause:
      "A line of the environment file on the host is not NAME=value, or can be read in more than one way.",
    fix: "Mend the line that the message names, on the host. Single quotes keep any value as it is, also over several lines.",
  },
  "env-file-missing": {
    cause: "The environment file below shared/ does not exist on the host or cannot be read.",
    fix: "Create it once below shared/ on that host.",
  },
  fenced: {
    cause: "Another run has taken over this host since this run began.",
    fix: "Nothing was changed by this step. See what the other run did, then plan again.",
  },
  "fetch-failed": {
    cause: "A host could not fetch the release from the store; what was fetched was thrown away.",
    fix: "Check that the host reaches the store's endpoint (name, firewall, proxy, certificates) and that its clock is right.",
  },
  "fetch-unavailable": {
    cause: "A host has nothing that fetches from an address without showing it to every user of the host.",
    fix: "Install curl or GNU wget on the host, or choose another `upload: method:`.",
  },
  frozen: {
    cause: "Deploys of this application and environment are frozen.",
    fix: "Ask whoever froze it, or end the freeze: `deploy unfreeze`.",
    inAction: "Ask whoever froze it, or end the freeze with the action unlock (`unfreeze: true`).",
  },
  "git-access": {
    cause: "The git server does not let the host read the repository, or there is none of that name.",
    fix: "Give a key or token that may read `upload: repository:` in DEPLOY_GIT_KEY or DEPLOY_GIT_TOKEN, or the host a key of its own.",
    inAction:
      "Give a key or token that may read `upload: repository:` as `git-key` or `git-token`, or the host a key of its own.",
  },
  "git-commit-missing": {
    cause:
      "The commit is not known, or the repository has it no more: its branch was rewritten, or it was never pushed.",
    fix: "Push the commit, then run it again; or choose another `upload: method:`, which needs no git server.",
  },
  "git-failed": {
    cause:
      "git on a host could not fetch the commit, or could not write its files; nothing was made of what came.",
    fix: "Run it again; if it stays, try `git ls-remote` with the repository on that host (name, firewall, proxy, certificates).",
  },
  "git-host-key": {
    cause: "The git server does not show a host key that the config names.",
    fix: "Compare with what the server's owner publishes, then correct `upload: host-keys:`.",
  },
  "git-refused": {
    cause: "The commit holds a name that git writes nowhere, such as .git.",
    fix: "Remove that file from the repository, or choose another `upload: method:`.",
  },
  "hut-cannot": {
    cause:
      "What is asked for needs a program on the server, and the server is reached for its files alone, by SFTP or FTP.",
    fix: "Do it where the release is built, or reach the server by SSH, with a shell.",
  },
  "job-damaged": {
    cause: "A file of a job on the host cannot be read, so its process is not known.",
    fix: "Look at the job's folder on the host; end its process there by hand if it still runs.",
  },
  "job-done": {
    cause: "The job ended well, so there is nothing to repeat.",
    fix: "Deploy a new release if it must run again.",
  },
  "job-missing": {
    cause: "There is no job of this id on the host.",
    fix: "Look at `deploy status` for the jobs that exist.",
    inAction: "Look at the run that started it: its log names the job.",
  },
  "job-not-started": {
    cause: "A job was not seen to start on the host.",
    fix: "Run it again: a job that did start after all is followed, not started twice.",
  },
  "job-running": {
    cause: "A job, such as a migration, still runs on the host.",
    fix: "Wait until it ends; its log can be followed on the host.",
  },
  "lock-busy": {
    cause: "Another process of deploy held the host's mutex for too long.",
    fix: "Run it again. If no deploy is running, remove the folder .deploy/lock/mutex.d on the host (hosts without flock only).",
  },
  "key-restricted": {
    cause:
      "The key that logs in may only look: with the version of deploy, and at the deploy-to, that its line in authorized_keys names.",
    fix: "Log in with the key that deploys. For another version or deploy-to, put there what `deploy plan-key` prints now.",
  },
  "lock-corrupt": {
    cause: "The lock's file on the host cannot be read; it is not taken for a free lock.",
    fix: "If no deploy is running, take the lock: `deploy unlock`.",
    inAction: "If no deploy is running, take the lock with the action unlock (`confirm: true`).",
  },
  locked: {
    cause: "Another run holds the fleet's lock.",
    fix: "Wait until it ends, or take its lock: `deploy unlock`.",
    inAction: "Wait until it ends, or take its lock with the action unlock (`confirm: true`).",
  },
  "manifest-damaged": {
    cause: "The manifest kept on a host does not match its digest.",
    fix: "Run it again with a whole upload; if it stays, check the host's disk.",
  },
  "manifest-missing": {
    cause: "A release on a host has no manifest: another tool made it, or it was removed.",
    fix: "Everything is sent whole instead; nothing needs to be done.",
  },
  "path-taken": {
    cause:
      "The release has a file where the server has one that deploy did not put there, and what others put there is never overwritten.",
    fix: "Move it away on the server, leave it out with `exclude`, or name it under `shared`.",
  },
  "path-unsafe": {
    cause: "A path on the host is a link or belongs to another user, so writing there is not safe.",
    fix: "Remove or change the owner of the path that the message names.",
  },
  "release-differs": {
    cause: "A release of this id is on the host already, with other content.",
    fix: "Plan again: a new plan has a new id.",
    inAction: "Plan again, and give no `release` of an earlier plan: a new plan has a new id.",
  },
  "release-missing": {
    cause: "The release is not on the host.",
    fix: "Deploy again, or choose a release that is there.",
    inAction: "Run the upload step, or choose a release that is there.",
  },
  "release-not-ready": {
    cause: "The release is not in a state that may go live this way.",
    fix: "Prepare it again, or choose a release that was proved good.",
  },
  "rsync-failed": {
    cause: "rsync did not bring the whole release to a host. What arrived stays in staging, invisible.",
    fix: "Read what rsync said, mend that and run it again: it goes on from what arrived.",
  },
  "rsync-unusable": {
    cause: "rsync is not installed, or older than 3.1.0.",
    fix: "Install a newer rsync there, or set `upload: { method: artifact }`, which needs none.",
  },
  "shared-collision": {
    cause: "A path declared shared is also part of the release, or cannot be linked.",
    fix: "Take it out of the release or out of `shared`.",
  },
  "shared-replaced": {
    cause:
      "A command of the release put something else where its link to shared/ was: what is written there would be lost with the release.",
    fix: "Nobody was switched. Let the command write below the link instead of replacing it, and deploy that; a release that is to stay gets its link back by hand.",
  },
  "state-version": {
    cause: "A file below .deploy was written by another version of deploy.",
    fix: "Use the version that wrote it, or a newer one.",
  },
  "step-failed": {
    cause: "A step failed on a host and gave no closer reason.",
    fix: "Read this step's output in the log of the run.",
  },
  "stream-damaged": {
    cause: "What arrived on the host is not what was packed.",
    fix: "Run it again; if it stays, check the network path and the host's disk.",
  },
  "stream-refused": {
    cause: "The upload holds something that a release may not hold.",
    fix: "Pack it again from a clean checkout.",
  },
  "type-refused": {
    cause: "The tree holds something that is no file, folder or link.",
    fix: "Remove it, or leave it out with `exclude`.",
  },
  "write-failed": {
    cause: "The host could not write below deploy-to.",
    fix: "Check owner and permissions of deploy-to on the host.",
  },
} as const satisfies Codes;
