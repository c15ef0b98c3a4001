import { readlinkSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, sep } from "node:path";
import type { Problem } from "@deploy/core";
import { printable, refuse } from "./refusals.ts";

const hint = "Make it a relative link that stays inside the folder, or put the file itself there.";

/** Why this symbolic link may not be followed: absolute, dangling, out of the tree, or back to where it lies. */
export function followLink(source: string, path: string): Problem | undefined {
  const absolute = join(source, path);
  const target = readlinkSync(absolute);
  const refused = (why: string) =>
    refuse("link-refused", path, `The link to "${printable(target)}" ${why}`, hint);
  if (isAbsolute(target)) return refused("is absolute");
  const root = realpathSync(source);
  const end = real(absolute);
  if (end === undefined) return refused("leads nowhere");
  if (end !== root && !end.startsWith(root + sep)) return refused("leaves the tree");
  const here = realpathSync(dirname(absolute));
  if (`${here}${sep}`.startsWith(end + sep)) return refused("leads back to a folder it lies in");
  return undefined;
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
