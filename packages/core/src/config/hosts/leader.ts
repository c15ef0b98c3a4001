import type { Finding } from "../file/finding.ts";
import type { Host } from "./fleet.ts";
import { hostNamed } from "./named.ts";

/** The name of the leader: the host named so, or the first one. A finding when no host, or several, are meant. */
export function findLeader(leader: string | undefined, hosts: readonly Host[]): string | Finding {
  if (leader === undefined) return hosts[0]?.name ?? "";
  const found = hostNamed(leader, hosts);
  if ("name" in found) return found.name;
  return { path: ["leader"], at: "value", code: "config-leader", ...found };
}
