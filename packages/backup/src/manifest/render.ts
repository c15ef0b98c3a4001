import type { BackupManifest } from "../types.ts";

/** The text of `<id>.json`: for people too, who may have nothing but the bucket. */
export function renderBackupManifest(manifest: BackupManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
