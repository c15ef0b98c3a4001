import type { UploadMethod } from "./method.ts";
import { versionBelow } from "./version.ts";

/** Of the oldest git that is used (2018): the first that lets a server say what it has only when it is asked for it. */
export const gitFloor = "2.18";

/** Each host fetches the commit itself; what git has not is sent. */
export const git: UploadMethod = {
  about: "hosts fetch the commit from `repository`, and are sent what git has not",
  words: ({ repository = "its repository" }) => `by git: each host fetches the commit from ${repository}`,
  done: "fetched",
  needs: ["artifact", "git"],
  own: true,
  clones: true,
  lack({ tools, gitVersion }) {
    if (!tools.git) return "git is not there";
    // A probe that was not asked for the version changes nothing about what one that was has found.
    if (gitVersion === undefined) return undefined;
    if (gitVersion === "") return "its git does not tell its version";
    return versionBelow(gitVersion, gitFloor) ? `its git ${gitVersion} is older than ${gitFloor}` : undefined;
  },
};
