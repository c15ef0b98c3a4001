export { decryptWith } from "./age/decrypt.ts";
export { encryptTo, type Transform } from "./age/encrypt.ts";
export { checkRecipients } from "./age/recipients.ts";
export {
  type BackedUp,
  type BackUpOptions,
  backUp,
  lookAtSource,
  rehearseBackUp,
  type Site,
  sayBackedUp,
  sourceAt,
} from "./backUp.ts";
export { isBackupId } from "./id.ts";
export { listLeftovers, removeLeftover } from "./leftovers.ts";
export { type BackupList, listBackups } from "./list/list.ts";
export { newestBackup } from "./list/newest.ts";
export { makeBackup } from "./make/make.ts";
export { parseBackupManifest } from "./manifest/parse.ts";
export { readBackup } from "./manifest/read.ts";
export { renderBackupMarkdown, renderBackupText } from "./report/backup.ts";
export { restoreCommand } from "./report/command.ts";
export { renderBackupsText } from "./report/list.ts";
export { progressLine, progressLines } from "./report/progress.ts";
export { renderRestored, renderRestoredMarkdown, sayMaker } from "./report/restored.ts";
export { restoreBackup } from "./restore/restore.ts";
export { applyRetention, type Retained } from "./retain/apply.ts";
export { isProved, planRetention, type RetentionOptions } from "./retain/plan.ts";
export { mintSigningKeys } from "./sign/key.ts";
export { whyUnsigned } from "./sign/manifest.ts";
export { sourceOf, type Whereabouts } from "./source.ts";
export type * from "./types.ts";
export { parseDatabaseUrl } from "./url/parse.ts";
export {
  type BringBackOptions,
  type BroughtBack,
  bringBack,
  findBackup,
  type RehearsedBringBack,
  rehearseBringBack,
} from "./wayBack.ts";
