import type { Remark } from "../remark.ts";
import type { Seen } from "./seen.ts";

/** Where its name leads, and who answers there: a browser takes any of them. */
export function addressRemarks({ url, addresses, hosts }: Seen): readonly Remark[] {
  const about = "address";
  const { hostname, protocol, port } = new URL(url);
  const number = port || (protocol === "https:" ? "443" : "80");
  if (addresses.length === 0) {
    const text = `${hostname} has no address: visitors do not find it`;
    return [{ level: "warn", about, text, fix: "make an A record at whoever serves the domain" }];
  }
  const silent = addresses
    .filter(({ answers }) => !answers)
    .map(({ address }): Remark => {
      const text = `${hostname} leads to ${address}, where nobody answers on port ${number}: some visitors see an error`;
      return { level: "warn", about, text, fix: "remove that record, or open the port" };
    });
  const all = addresses.map(({ address }) => address);
  const own = hosts.filter((host) => host.addresses.some((address) => all.includes(address)));
  const whose =
    own.length > 0 ? own.map(({ host }) => host).join(", ") : "none of the servers: what stands before them";
  const good: Remark = { level: "ok", about, text: `${hostname} answers at ${all.join(", ")} (${whose})` };
  return [...(silent.length > 0 ? silent : [good]), ...twins(hosts)];
}

/** Two hosts with one address are one server, or one balancer: each would be switched twice, or at random. */
function twins(hosts: Seen["hosts"]): readonly Remark[] {
  return hosts.flatMap(({ host, addresses }, index): readonly Remark[] => {
    const same = (other: string) => addresses.includes(other);
    const twin = hosts
      .slice(0, index)
      .find((other) => nameOf(other.host) !== nameOf(host) && other.addresses.some(same));
    if (twin === undefined) return [];
    const text = `it has an address of ${twin.host}'s (${addresses.filter((address) => twin.addresses.includes(address)).join(", ")})`;
    return [
      { level: "warn", about: "address", host, text, fix: "name each server by an address of its own" },
    ];
  });
}

/** Without its port: two ports of one machine are meant to be so. */
const nameOf = (host: string): string => host.replace(/:\d+$/, "");
