import type { Path } from "./document.ts";
import type { Finding } from "./issues.ts";
import { valueAt } from "./path.ts";
import { isWithin, readShared } from "./paths.ts";
import type { Settings } from "./schema.ts";
import { didYouMean } from "./suggest.ts";
import { show } from "./text.ts";
import type { Host } from "./types.ts";

/** Shared paths that are the same, or lie in each other: linking one would hide the other. */
export function checkShared(shared: unknown): readonly Finding[] {
  const entries = ["directories", "files"].flatMap((kind) => {
    const list = valueAt(shared, [kind]);
    return (Array.isArray(list) ? list : []).flatMap((raw: unknown, index) => {
      const text = typeof raw === "string" ? readShared(raw) : undefined;
      return text === undefined ? [] : [{ text, path: ["shared", kind, index] }];
    });
  });
  return entries.flatMap(({ text, path }, index) => {
    const others = entries.filter((other, at) => at !== index && isWithin(text, other.text));
    const other = others.find((other) => other.text !== text || entries.indexOf(other) < index);
    if (other === undefined) return [];
    const how = other.text === text ? "is there already" : `lies in ${show(other.text)}`;
    const message = `expected shared paths apart from each other, got ${show(text)}, which ${how}`;
    return [{ path, at: "value", code: "config-conflict", message } satisfies Finding];
  });
}

/** Roles that commands ask for and no host has. A host without roles has every role. */
export function checkRoles(settings: Settings, hosts: readonly Host[]): readonly Finding[] {
  if (hosts.length === 0 || hosts.some((host) => host.roles.length === 0)) return [];
  const known = [...new Set(hosts.flatMap((host) => host.roles))].sort();
  return usedRoles(settings).flatMap(({ path, roles }) => {
    return roles.flatMap((role, index): Finding[] => {
      if (known.includes(role)) return [];
      const message = `expected a role that a host has (${known.join(", ")}), got ${show(role)}`;
      const hint = didYouMean(role, known);
      const at = { path: [...path, "roles", index], at: "value", code: "config-role" } as const;
      return [{ ...at, message, ...(hint === undefined ? {} : { hint }) }];
    });
  });
}

function usedRoles(settings: Settings): readonly { path: Path; roles: readonly string[] }[] {
  const { prepare = [], activate } = settings;
  const commands = [
    ...prepare.map((command, index) => ({ command, path: ["prepare", index] })),
    ...(activate?.reload ?? []).map((command, index) => ({ command, path: ["activate", "reload", index] })),
  ];
  const used = commands.map(({ command, path }) => {
    return { path, roles: typeof command === "string" ? [] : (command.roles ?? []) };
  });
  return [...used, { path: ["activate", "health"], roles: activate?.health?.roles ?? [] }];
}

/** The name of the leader: the host named so, or the first one. A finding when no host, or several, are meant. */
export function findLeader(leader: string | undefined, hosts: readonly Host[]): string | Finding {
  const [first] = hosts;
  if (leader === undefined) return first?.name ?? "";
  const wanted = leader.trim().toLowerCase();
  const byName = hosts.find((host) => host.name === wanted);
  const byAddress = hosts.filter((host) => [host.address, `${host.username}@${host.name}`].includes(wanted));
  const [only] = byName ? [byName] : byAddress;
  if (only !== undefined && (byName !== undefined || byAddress.length === 1)) return only.name;
  const names = hosts.map((host) => host.name);
  const message = `expected one of the hosts (${names.join(", ")}), got ${show(leader)}`;
  const hint =
    byAddress.length > 1 ? "Add the port: several hosts have this address." : didYouMean(wanted, names);
  const at = { path: ["leader"], at: "value", code: "config-leader" } as const;
  return { ...at, message, ...(hint === undefined ? {} : { hint }) };
}
