import { DeployError, isName, type TenantName } from "@deploy/core";
import type { Store } from "@deploy/store";
import { isObject, parseJson, putJson, readWhole } from "./documents.ts";
import { ownFolder } from "./keys.ts";

/** What is asked of a place that may be somebody else's. */
export interface TenantOptions {
  readonly store: Store;
  /** Absent: who publishes cannot say who it is, and is believed. */
  readonly tenant?: TenantName;
  /** Name of the one whose place is taken over. */
  readonly takeOver?: string;
  readonly onWarning?: (text: string) => void;
}

/** Beside the records, not among them: neither listed nor pruned. Anybody may read it there: names, and nothing more. */
export const tenantKey = `${ownFolder}tenant.json`;

const largestTenant = 4096;

/** Looks whose the place is. Throws `publish-taken`, which names the other, and `assets-record`. */
export async function checkTenant({
  store,
  tenant,
  takeOver,
}: TenantOptions): Promise<TenantName | undefined> {
  if (tenant === undefined) return undefined;
  const found = await readTenant(store);
  if (found === undefined || isOne(found, tenant) || nameOf(found) === takeOver) return found;
  const name = nameOf(found);
  const move =
    `Give ${nameOf(tenant)} a \`publish\` of its own. Where ${name} is gone, or has got this name, ` +
    "take its place over";
  const [hint, inAction] = [`${move}: \`--take-over ${name}\`.`, `${move}: \`take-over: ${name}\`.`];
  throw new DeployError("publish-taken", `${store.location} belongs to ${name}`, { hint, inAction });
}

/** Makes the place ours, before anything is sent there. Throws as `checkTenant` does where another was faster. */
export async function settle(options: TenantOptions, found: TenantName | undefined): Promise<void> {
  const { store, tenant, onWarning } = options;
  if (tenant === undefined || (found !== undefined && isOne(found, tenant))) return;
  if (found !== undefined) onWarning?.(`${store.location} is taken over from ${nameOf(found)}`);
  const put = await putJson(store, tenantKey, { schema: 1, ...tenant }, found !== undefined);
  if (put.kind === "present") await checkTenant(options);
}

async function readTenant(store: Store): Promise<TenantName | undefined> {
  if ((await store.details(tenantKey)) === undefined) return undefined;
  const bytes = await readWhole(store, tenantKey, largestTenant);
  const value = bytes === undefined ? undefined : parseJson(bytes);
  if (isTenant(value)) return value;
  throw new DeployError(
    "assets-record",
    `${tenantKey} does not say in a way that this version can read whose this is`,
    {
      place: { path: tenantKey },
    },
  );
}

/** Where no environment is told, it is the app's: whichever of them publishes. */
function isOne(one: TenantName, other: TenantName): boolean {
  const [first, second] = [one.environment, other.environment];
  return one.app === other.app && (first === undefined || second === undefined || first === second);
}

function nameOf({ app, environment }: TenantName): string {
  return environment === undefined ? app : `${app}/${environment}`;
}

/** Names as the config has them: they are shown, and typed. */
function isTenant(value: unknown): value is TenantName {
  if (!isObject(value) || value.schema !== 1) return false;
  const { app, environment = "any" } = value;
  return [app, environment].every((name) => typeof name === "string" && isName(name));
}
