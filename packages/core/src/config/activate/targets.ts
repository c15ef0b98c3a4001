import type { Finding } from "../file/finding.ts";
import type { Host } from "../hosts/fleet.ts";
import { hasRole } from "../hosts/roles.ts";
import type { Pool } from "./pool.ts";
import { regionOf, targetOf } from "./targetGroup.ts";

/** That the region is known, and each host's target, which no other has. */
export function checkTargets(pool: Pool | undefined, hosts: readonly Host[] = []): readonly Finding[] {
  if (pool === undefined || !("groups" in pool)) return [];
  const at = (path: string, expected: string, hint: string): Finding => ({
    ...{ path: ["activate", "pool", path], at: "value", code: "config-invalid" },
    ...{ message: `expected ${expected}`, hint },
  });
  const members = hosts.filter((host) => hasRole(host, pool.roles));
  const lost = members.find((host) => targetOf(pool, host) === undefined);
  const used = members.map((host) => JSON.stringify(targetOf(pool, host)));
  return [
    ...(regionOf(pool) === undefined
      ? [at("groups", "an ARN, or names and a region", "Write `region: eu-central-1` beside them.")]
      : []),
    ...(lost === undefined
      ? []
      : [at("targets", `a target for ${lost.name}`, `Write \`${lost.name}=i-…\`, or its IP address.`)]),
    ...(lost === undefined && new Set(used).size < used.length
      ? [at("targets", "another target for each host", "Two hosts would leave as one.")]
      : []),
  ];
}
