import type { Finding } from "../file/finding.ts";
import type { Host } from "./fleet.ts";
import { hostNamed } from "./named.ts";

/** The hosts that are left out, by name; what is no host is told by `checkWithout`. */
export function leftOut(without: readonly string[], hosts: readonly Host[]): readonly string[] {
  const named = entriesOf(without).map(({ text }) => hostNamed(text, hosts));
  const names = new Set(named.flatMap((host) => ("name" in host ? [host.name] : [])));
  return hosts.map(({ name }) => name).filter((name) => names.has(name));
}

/** A host nobody knows, and the leader: lock, backup and migration stay where they are. */
export function checkWithout(
  without: readonly string[],
  leader: string,
  hosts: readonly Host[],
): readonly Finding[] {
  return entriesOf(without).flatMap(({ text, index }): Finding[] => {
    const host = hostNamed(text, hosts);
    const at = { path: ["without", index], at: "value" } as const;
    if (!("name" in host)) return [{ ...at, code: "config-invalid", ...host }];
    if (host.name !== leader) return [];
    const message = `expected hosts beside the leader, got ${host.name}, which is the leader`;
    const hint = "The lock lies there, and backup and migration run there: it cannot be left out.";
    return [{ ...at, code: "config-conflict", message, hint }];
  });
}

/** A flag has them in one word: `web3,web4`. */
function entriesOf(without: readonly string[]): readonly { readonly text: string; readonly index: number }[] {
  return without.flatMap((entry, index) =>
    entry
      .split(/[\s,]+/)
      .filter((text) => text !== "")
      .map((text) => ({ text, index })),
  );
}
