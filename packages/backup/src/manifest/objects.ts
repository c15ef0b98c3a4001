import type { BackupManifest } from "../types.ts";

/** Every object that this manifest names, the dump first. */
export function objectsOf({ stored, globals }: BackupManifest): readonly BackupManifest["stored"][] {
  return globals === undefined ? [stored] : [stored, globals.stored];
}
