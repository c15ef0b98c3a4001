import { execFileSync } from "node:child_process";

/** A gzip tar of these files, by the machine's own tar: the floor's upload. */
export function packFiles(root: string, paths: readonly string[]): Buffer {
  return execFileSync("tar", ["-C", root, "-czf", "-", ...paths], { maxBuffer: 1 << 30 });
}
