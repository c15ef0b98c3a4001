import type { UploadMethod } from "./method.ts";

/** The runner sends it: every host that can be deployed to at all can take it. */
export const artifact: UploadMethod = {
  about: "the runner sends it to each host",
  words: () => "as an artifact from the runner",
  done: "sent",
  needs: ["artifact"],
  lack: () => undefined,
};
