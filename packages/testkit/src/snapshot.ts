import {
  chmodSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

interface Kept {
  readonly path: string;
  readonly mode: number;
  readonly times: readonly [Date, Date];
  /** A file's bytes, a link's target; a folder has neither. */
  readonly bytes?: Buffer;
  readonly target?: string;
}

/** Folders, files and links with their modes and times, parents first. */
export type Snapshot = readonly Kept[];

export function takeSnapshot(root: string, within = ""): Snapshot {
  return readdirSync(join(root, within), { withFileTypes: true }).flatMap((entry): Snapshot => {
    const path = join(within, entry.name);
    const at = join(root, path);
    const { mode, atime, mtime } = lstatSync(at);
    const common = { path, mode: mode & 0o7777, times: [atime, mtime] as const };
    if (entry.isSymbolicLink()) return [{ ...common, target: readlinkSync(at) }];
    return entry.isFile() ? [{ ...common, bytes: readFileSync(at) }] : [common, ...takeSnapshot(root, path)];
  });
}

/** Writes it into a folder that is there. */
export function writeSnapshot(root: string, snapshot: Snapshot): void {
  for (const { path, mode, bytes, target } of snapshot) {
    const at = join(root, path);
    if (target !== undefined) symlinkSync(target, at);
    else if (bytes === undefined) mkdirSync(at);
    else writeFileSync(at, bytes);
    if (target === undefined) chmodSync(at, mode);
  }
  // Folders last of all: what is made within changes their times.
  for (const { path, times } of snapshot.toReversed()) lutimesSync(join(root, path), ...times);
}
