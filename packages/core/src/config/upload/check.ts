import { methodNames, uploadMethods } from "../../methods/methods.ts";
import type { Finding } from "../file/finding.ts";
import type { Judged } from "../section.ts";
import { storeKeys } from "../values/store.ts";
import { show } from "../values/text.ts";
import { checkRepository } from "./repository.ts";

export const uploadStorePhrase = "s3://bucket or s3://bucket/prefix, where hosts can fetch from";

export function usesStore(method: unknown): boolean {
  return method === "auto" || methodNames.some((name) => name === method && uploadMethods[name].fetches);
}

/** What each key says is right; what they say together is judged here. */
export function checkUpload(judged: Judged<{ readonly upload?: object }>): readonly Finding[] {
  if (judged.values.upload === undefined) return [];
  const { complete, isInput, tree } = judged;
  const overruled = isInput(["upload", "method"]) && !isInput(["upload", "repository"]);
  return [...checkStore(judged), ...checkRepository(asMapping(tree.upload), { complete, overruled })];
}

function checkStore({ tree, complete, isInput }: Judged): readonly Finding[] {
  const { method, store, ...given } = asMapping(tree.upload);
  if (method === "pull" && store === undefined && complete) {
    const message = `expected ${uploadStorePhrase}, got nothing`;
    return [{ path: ["upload", "store"], at: "key", code: "config-missing", message } satisfies Finding];
  }
  if (store === undefined) return idleKeys(given);
  // An input chose the method over the file's: the file's store may idle.
  const overruled = isInput(["upload", "method"]) && !isInput(["upload", "store"]);
  if (usesStore(method) || overruled) return [];
  const message = `expected method: pull or auto beside a store, got ${show(method)}`;
  const hint = "No other method uses a store.";
  return [{ path: ["upload", "store"], at: "key", code: "config-conflict", message, hint } satisfies Finding];
}

/** How a store is spoken to, without one. */
function idleKeys(given: Readonly<Record<string, unknown>>): readonly Finding[] {
  return Object.keys(storeKeys)
    .filter((key) => given[key] !== undefined)
    .map((key) => {
      const message = "expected a store beside it, got nothing";
      return { path: ["upload", key], at: "key", code: "config-conflict", message };
    });
}

/** `upload: rsync` is `{ method: rsync }`. */
function asMapping(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === "string" ? { method: given } : (given as Readonly<Record<string, unknown>>);
}
