import { type ActionContext, storeIdentity } from "@deploy/action-kit";
import { purgeHook } from "@deploy/assets";
import { cloudFront } from "@deploy/aws";
import type { AssetsPublish } from "@deploy/core";
import { openConfigured } from "@deploy/session";
import type { Cdn, Folders, Store } from "@deploy/store";
import type { Inputs } from "./inputs.ts";

export interface Target {
  readonly store?: Store;
  readonly cdn?: Cdn;
}

/** The store and the cache in front of it, as the config names them; nothing is connected to yet. */
export function openTarget(
  publish: AssetsPublish | undefined,
  { keys, purgeToken }: Inputs,
  context: ActionContext,
  folders: Folders["folders"],
): Target {
  if (publish === undefined) return {};
  const where = { root: context.github.workspace, folders };
  const { store, ...known } = openConfigured(publish.store, storeIdentity(keys, context), where);
  const { cloudfront: distribution, purgeUrl: url } = publish;
  if (distribution !== undefined) return { store, cdn: cloudFront({ distribution, ...known }) };
  if (url === undefined) return { store };
  return { store, cdn: purgeHook({ url, ...(purgeToken === undefined ? {} : { token: purgeToken }) }) };
}
