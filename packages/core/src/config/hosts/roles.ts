import type { Path } from "../file/document.ts";
import type { Finding } from "../file/finding.ts";
import { didYouMean } from "../values/suggest.ts";
import { show } from "../values/text.ts";
import type { Host } from "./fleet.ts";

/** What asks for hosts by role, and where it stands. */
export interface RoleUse {
  readonly roles: readonly string[];
  readonly path: Path;
}

/** A host without roles has them all, no roles means everywhere. */
export function hasRole(host: Pick<Host, "roles">, roles: readonly string[]): boolean {
  return roles.length === 0 || host.roles.length === 0 || host.roles.some((role) => roles.includes(role));
}

/** Roles that are asked for and no host has. A host without roles has every role. */
export function checkRoles(uses: readonly RoleUse[], hosts: readonly Host[] = []): readonly Finding[] {
  if (hosts.length === 0 || hosts.some((host) => host.roles.length === 0)) return [];
  const known = [...new Set(hosts.flatMap((host) => host.roles))].sort();
  return uses.flatMap(({ path, roles }) => {
    return roles.flatMap((role, index): Finding[] => {
      if (known.includes(role)) return [];
      const message = `expected a role that a host has (${known.join(", ")}), got ${show(role)}`;
      const hint = didYouMean(role, known);
      const at = { path: [...path, "roles", index], at: "value", code: "config-role" } as const;
      return [{ ...at, message, ...(hint === undefined ? {} : { hint }) }];
    });
  });
}
