import { DeployError } from "@deploy/core";
import type { Cdn } from "@deploy/store";

export const release = "20261121T084450Z-4f2a91c";
export const record = `.deploy/assets/${release}.json`;
export const purgeNote = ".deploy/assets/purge.json";
export const shop = {
  "css/app-aa11.css": "body{}",
  "js/app-bb22.js": "let a",
  "index.html": '<link href="css/app-aa11.css"><script src="js/app-bb22.js">',
  "robots.txt": "User-agent: *",
};

/** A cache that notes what it is told to forget. */
export function fakeCdn(purge: Cdn["purge"] = async () => {}): Cdn & { readonly purged: unknown[] } {
  const purged: unknown[] = [];
  return {
    name: "the cache",
    purged,
    purge: async (paths, signal, id) => {
      purged.push(paths);
      await purge(paths, signal, id);
    },
  };
}

/** The problem a promise is rejected with. */
export const rejected = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => new Error("was not rejected"),
    (reason: unknown) => reason,
  );
  return error instanceof DeployError ? error.problem : error;
};
