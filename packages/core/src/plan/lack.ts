import type { ReachedHost } from "../facts.ts";
import { rsyncFloor, rsyncTooOld } from "./rsync.ts";
import type { Delivery, Method } from "./types.ts";

/** What a host lacks for a method, in words; undefined: nothing, or nobody read it. */
export function lackFor(method: Method, host: ReachedHost | undefined): string | undefined {
  if (host === undefined || method === "artifact") return undefined;
  const { tools, rsyncVersion } = host;
  if (method === "pull") return tools.curl || tools.wget ? undefined : "neither curl nor GNU wget is there";
  if (!tools.rsync) return "rsync is not there";
  if (!tools.gzip) return "gzip, in which the list of files comes, is not there";
  // A probe that was not asked for the version changes nothing about what one that was has found.
  return rsyncVersion === undefined ? undefined : judgeRsync(rsyncVersion);
}

/** What a host cannot read, in words. With rsync the compression is its own. */
export function unreadBy(
  host: ReachedHost | undefined,
  { method, compression }: Pick<Delivery, "method" | "compression">,
): string | undefined {
  if (host === undefined || method === "rsync" || compression === "auto" || compression === "none") {
    return undefined;
  }
  return host.tools[compression] ? undefined : `${compression} is not there`;
}

function judgeRsync(version: string): string | undefined {
  if (version === "") return "its rsync does not tell its version";
  return rsyncTooOld(version) ? `its rsync ${version} is older than ${rsyncFloor.version}` : undefined;
}
