import { hasRole } from "../config/hosts/roles.ts";
import type { Config, Host } from "../config/types.ts";

/** By role, the names of the hosts that have it: one without roles has them all. */
export function groupsOf(
  hosts: readonly Pick<Host, "name" | "roles">[],
): ReadonlyMap<string, readonly string[]> {
  const roles = [...new Set(hosts.flatMap((host) => host.roles))];
  return new Map(
    roles.map((role) => [role, hosts.filter((host) => hasRole(host, [role])).map(({ name }) => name)]),
  );
}

/** Variables that every host of an environment has in Ansible. */
export function inventoryVariables({
  app,
  environment,
  deployTo,
}: Pick<Config, "app" | "environment" | "deployTo">): Readonly<Record<string, string>> {
  return { deploy_app: app, deploy_environment: environment, deploy_to: deployTo };
}

/**
 * The fleet as Ansible reads it from a program (`--list`): a group for each role, and how each host is reached. Hosts without a shell
 * are none of Ansible's. Source: Ansible's developer guide, "Developing dynamic inventory".
 */
export function inventoryList(config: Config): object {
  const hosts = config.hosts.filter(({ via }) => via === undefined);
  const names = hosts.map(({ name }) => name);
  const groups = [...groupsOf(hosts)].map(([role, members]) => [role, { hosts: members }] as const);
  return {
    all: { hosts: names, vars: inventoryVariables(config), children: groups.map(([role]) => role) },
    ...Object.fromEntries(groups),
    _meta: { hostvars: Object.fromEntries(hosts.map((host) => [host.name, reached(host)])) },
  };
}

function reached({ address, port, username }: Host): object {
  return { ansible_host: address, ansible_port: port, ansible_user: username };
}
