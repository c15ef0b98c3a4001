import { storeWords } from "../steps/storeWords.ts";
import type { UploadMethod } from "./method.ts";

/** The runner puts it into a store once, and hosts fetch it there. */
export const pull: UploadMethod = {
  about: "hosts fetch it from `store`",
  words: ({ store }) =>
    `by pull: put into ${store === undefined ? "the store" : storeWords(store)} once, fetched by each host`,
  done: "fetched",
  needs: ["artifact", "shelf"],
  fetches: true,
  lack: ({ tools }) => (tools.curl || tools.wget ? undefined : "neither curl nor GNU wget is there"),
};
