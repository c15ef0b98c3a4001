import type { Finding } from "../file/issues.ts";
import { didYouMean } from "../values/suggest.ts";
import { show } from "../values/text.ts";
import type { Host } from "./fleet.ts";

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
