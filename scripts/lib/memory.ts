import { readFileSync, statfsSync } from "node:fs";

export interface Wanted {
  readonly folder?: string;
  /** A table of mounts, as Linux has it. */
  readonly mounts?: string;
  /** Free bytes: much more than all tests hold at one time, unless told. */
  readonly room?: number;
}

/** Linux's own folder in memory, where it has room and programs may be run from it: on a disk tests wait for each other's `sync`. */
export function memoryFolder(wanted: Wanted = {}): string | undefined {
  const { folder = "/dev/shm", mounts = "/proc/self/mounts", room = 4 * 2 ** 30 } = wanted;
  try {
    const lines = readFileSync(mounts, "utf8").split("\n");
    const mount = lines.map((line) => line.split(" ")).findLast(([, at]) => at === folder);
    const [, , type, options = ""] = mount ?? [];
    const { bavail, bsize } = statfsSync(folder);
    const fit = type === "tmpfs" && !/\b(ro|noexec)\b/.test(options) && bavail * bsize >= room;
    return fit ? folder : undefined;
  } catch {
    return undefined; // not Linux
  }
}
