import type { Backup } from "../config/types.ts";
import { backupBrief, backupCautions, backupCommands, backupWords } from "./backupWords.ts";
import { storeCredential } from "./credentials.ts";
import type { StepKind } from "./kind.ts";

export interface BackupStep {
  readonly backup: Backup;
}

/** A proved backup on the leader: without it nothing is migrated. */
export const backup: StepKind<BackupStep, "nothing"> = {
  stage: "data",
  effect: "nothing",
  shell: "Let the hoster back the database up, or a job that reaches it.",
  lasts: false,
  saves: true,
  plan({ fleet: { config }, hosts }) {
    return config.backup === undefined
      ? []
      : [{ hosts: hosts.filter((host) => host === config.leader), backup: config.backup }];
  },
  words: (step) => backupWords(step.backup),
  brief: (step, { plain }) => plain(backupBrief(step.backup)),
  cautions: (step, style) => backupCautions(step.backup, style),
  commands: (step) => backupCommands(step.backup),
  headline: () => "backup",
  credentials: ({ backup }) => [
    ...("urlSecret" in backup
      ? [{ name: "database-url", use: "the backup", secret: backup.urlSecret } as const]
      : []),
    ...storeCredential("the store of backups", backup.store),
  ],
  needs: (step) => (step.backup.store === undefined ? [] : ["backups"]),
};
