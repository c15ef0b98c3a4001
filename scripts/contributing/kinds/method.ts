import { methodNames } from "@deploy/core";
import type { Extension } from "../extension.ts";

export const method: Extension = {
  mark: "upload method",
  names: methodNames,
  limit: 4,
  places: [
    {
      path: "packages/core/src/methods/<name>.ts",
      what: "its words, the means it needs, what a host may lack for it",
    },
    { path: "packages/core/src/methods/methods.ts", what: "its line" },
    { path: "packages/engine/src/deliver/<name>.ts", what: "brings the release to one host" },
    { path: "packages/engine/src/deliver/methods.ts", what: "its line; without one it does not compile" },
  ],
  plain: ["pull"],
  speaks: (name) => [
    new RegExp(`\\bmethod\\b\\s*(:|={2,3}|!==|\\?\\?)\\s*"?${name}\\b`),
    new RegExp(`\`${name}\``),
  ],
  others: {
    "packages/core/src/config/upload/check.ts":
      "of methods that fetch, `pull` alone cannot be without a store",
    "packages/core/src/plan/delivery.ts":
      "`auto` chooses between two, and `artifact` is what every host can take",
    "packages/core/src/steps/upload.ts": "what a plan that says nothing means",
    "packages/engine/src/deliver/delivery.ts": "what a plan that says nothing means",
    "packages/engine/src/deliver/shelves.ts": "the means of `pull`",
    "packages/engine/src/means.ts": "tells which means are lacking, by what they are for",
    "packages/core/src/config/upload/repository.ts":
      "a repository is for `git` alone, which cannot be without one",
    "packages/core/src/config/upload/upload.ts": "the same",
    "packages/core/src/errors/remote.ts": "names the method that needs no rsync",
    "packages/transport/src/rsync/local.ts": "the same",
    "scripts/imports/table.ts": "the room of a pointer, for machines that deploy themselves",
    "actions/plan/src/inputs.ts": "requests to pull, which are git's",
    "packages/action-kit/src/origin.ts": "the same",
    "actions/upload/src/inputs.ts": "keys of the store that `pull` fetches from",
    "actions/reconcile/src/inputs.ts": "keys of the store that `pull` fetches from",
  },
};
