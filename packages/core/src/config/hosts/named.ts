import { didYouMean } from "../values/suggest.ts";
import { show } from "../values/text.ts";
import { nameHost } from "./address.ts";
import type { Host } from "./fleet.ts";

/** Why a name is no host's, or more than one's. */
export interface NotNamed {
  readonly message: string;
  readonly hint?: string;
}

/** The host that people call so: by its name, its address where only one has it, or with its user. */
export function hostNamed(text: string, hosts: readonly Host[]): Host | NotNamed {
  const wanted = text.trim().toLowerCase();
  const byName = hosts.find((host) => host.name === wanted);
  const byAddress = hosts.filter(({ name, address, port, username }) =>
    [address, nameHost(address, port), `${username}@${name}`].includes(wanted),
  );
  const [only] = byName ? [byName] : byAddress;
  if (only !== undefined && (byName !== undefined || byAddress.length === 1)) return only;
  const names = hosts.map((host) => host.name);
  const message = `expected one of the hosts (${names.join(", ")}), got ${show(text)}`;
  const hint =
    byAddress.length > 1 ? "Add the port: several hosts have this address." : didYouMean(wanted, names);
  return { message, ...(hint === undefined ? {} : { hint }) };
}
