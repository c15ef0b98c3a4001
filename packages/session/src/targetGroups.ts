import { chooseCredentials, type Identity, targetGroups } from "@deploy/aws";
import { regionOf } from "@deploy/core";
import type { Means } from "@deploy/engine";

/** Speaks to the load balancers of a pool as whoever we may be; one for all that a session asks. */
export function targetGroupsBy(identity: Identity): NonNullable<Means["targetGroups"]> {
  const open = new Map<string, ReturnType<typeof targetGroups>>();
  return (pool) => {
    const { role, endpoint } = pool;
    const region = regionOf(pool) ?? "us-east-1";
    const key = JSON.stringify([region, role, endpoint]);
    const credentials = chooseCredentials(identity, { region, ...(role === undefined ? {} : { role }) });
    const made =
      open.get(key) ??
      targetGroups({
        region,
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(credentials === undefined ? {} : { credentials }),
      });
    open.set(key, made);
    return made;
  };
}
