import { purgeHook } from "@deploy/assets";
import { cloudFront } from "@deploy/aws";
import { type AssetsPublish, Secret } from "@deploy/core";
import { openConfigured } from "@deploy/session";
import type { Cdn, Store } from "@deploy/store";
import { foldersFor, type Io } from "./io.ts";

/**
 * The store and the cache in front of it. On a desk the standard AWS chain says who we are (AWS_PROFILE and the like):
 * a role for the workflow's token is not ours to assume.
 */
export function openTarget(
  publish: AssetsPublish | undefined,
  io: Io,
): { readonly store?: Store; readonly cdn?: Cdn } {
  if (publish === undefined) return {};
  const { store } = openConfigured(publish.store, { sessionName: "deploy" }, foldersFor(io));
  if (publish.cloudfront !== undefined) {
    return { store, cdn: cloudFront({ distribution: publish.cloudfront }) };
  }
  if (publish.purgeUrl === undefined) return { store };
  const token = io.env.DEPLOY_PURGE_TOKEN;
  return {
    store,
    cdn: purgeHook({ url: publish.purgeUrl, ...(token ? { token: new Secret(token) } : {}) }),
  };
}
