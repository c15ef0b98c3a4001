import { type Config, type Facts, membersOf, poolOf } from "@deploy/core";
import type { Context } from "../context.ts";
import type { Fleet } from "../hosts/fleet.ts";
import { driverOf } from "./drivers.ts";

/** The facts, with where each host stands before its balancers: a drain by somebody else is seen before anything is touched. */
export async function withStandings(
  fleet: Fleet,
  config: Config,
  facts: readonly Facts[],
  { owner, means }: { readonly owner: string; readonly means: Context["means"] },
): Promise<readonly Facts[]> {
  const pool = poolOf(config);
  const look = pool && driverOf(pool).look;
  if (pool === undefined || look === undefined) return facts;
  const members = membersOf(config);
  const context = { means, fence: () => ({ base: config.deployTo, token: 0, owner }) };
  return Promise.all(
    facts.map(async (host) => {
      const link = fleet.links.get(host.host);
      if (!host.reached || link === undefined || !members.includes(host.host)) return host;
      const answer = await look({ context, link, pool });
      return { ...host, standing: answer.status === "ok" ? answer.value : ("unread" as const) };
    }),
  );
}
