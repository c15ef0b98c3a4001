import { versionBelow } from "./version.ts";

/**
 * The oldest rsync that is used, on either end: 3.1.0 (2013) brought protocol 31, in which an end tells why it stopped
 * and a lost end is noticed. Older ones, and the openrsync of macOS and OpenBSD, leave the caller guessing.
 */
export const rsyncFloor = { version: "3.1.0", protocol: 31 } as const;

/** The version in what `rsync --version` prints first (`3.2.7`); undefined where it is no rsync that we know. */
export function rsyncVersion(text: string): string | undefined {
  return /^rsync +version v?(\d+(?:\.\d+)+)/m.exec(text)?.[1];
}

/** From here on a host that was broken into cannot read the sender's files: CVE-2024-12086, mended in January 2025. */
export const rsyncSafe = "3.4.0";

/** Whether a version such as `3.2.7` is below `than`, the floor unless told; what is no version is. */
export function rsyncTooOld(version: string, than: string = rsyncFloor.version): boolean {
  return versionBelow(version, than);
}
