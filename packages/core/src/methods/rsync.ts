import type { UploadMethod } from "./method.ts";
import { rsyncFloor, rsyncTooOld } from "./rsyncVersion.ts";

export const rsync: UploadMethod = {
  about: "rsync does",
  words: () => "by rsync",
  done: "sent",
  needs: ["artifact", "rsync"],
  own: true,
  lack({ tools, rsyncVersion }) {
    if (!tools.rsync) return "rsync is not there";
    if (!tools.gzip) return "gzip, in which the list of files comes, is not there";
    // A probe that was not asked for the version changes nothing about what one that was has found.
    return rsyncVersion === undefined ? undefined : judge(rsyncVersion);
  },
};

function judge(version: string): string | undefined {
  if (version === "") return "its rsync does not tell its version";
  return rsyncTooOld(version) ? `its rsync ${version} is older than ${rsyncFloor.version}` : undefined;
}
