import { type ActionContext, workflowToken } from "@deploy/action-kit";
import { purgeHook } from "@deploy/assets";
import type { AssetsPublish } from "@deploy/core";
import { audience, type Cdn, chooseCredentials, cloudFront, openStore, type Store } from "@deploy/store";
import type { Inputs } from "./inputs.ts";

export interface Target {
  readonly store?: Store;
  readonly cdn?: Cdn;
}

/** The store and the cache in front of it, as the config names them; nothing is connected to yet. */
export function openTarget(
  publish: AssetsPublish | undefined,
  { keys, purgeToken }: Inputs,
  { github, mask }: ActionContext,
): Target {
  if (publish === undefined) return {};
  const { to, role, ...settings } = publish.store;
  const { region } = settings;
  const credentials = chooseCredentials({
    token: () => workflowToken(audience),
    sessionName: `deploy-${github.repository.replace("/", "-")}-${github.runId}`,
    onKeys: ({ secretAccessKey, sessionToken }) => mask([secretAccessKey, sessionToken]),
    ...(keys === undefined ? {} : { keys }),
    ...(role === undefined ? {} : { role }),
    ...(region === undefined ? {} : { region }),
  });
  const known = credentials === undefined ? {} : { credentials };
  const store = openStore(to, { ...settings, ...known });
  if (publish.cloudfront !== undefined) {
    return { store, cdn: cloudFront({ distribution: publish.cloudfront, ...known }) };
  }
  if (publish.purgeUrl === undefined) return { store };
  const token = purgeToken === undefined ? {} : { token: purgeToken };
  return { store, cdn: purgeHook({ url: publish.purgeUrl, ...token }) };
}
