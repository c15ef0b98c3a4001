import * as z from "zod";
import { input, section } from "../section.ts";
import { line, list } from "../values/leaves.ts";
import { user } from "./address.ts";
import type { Host } from "./fleet.ts";
import { findLeader } from "./leader.ts";
import { hostMapping } from "./line.ts";
import { checkWithout, leftOut } from "./without.ts";

interface Fleet {
  readonly leader: string;
  /** Those that are left out are none of them. */
  readonly hosts: readonly Host[];
  readonly without?: readonly string[];
}

export const hosts = section({
  keys: { username: user().optional().describe("The login for hosts that name none.") },
  own: {
    // Lines and mappings together become the fleet, in fleet.ts.
    hosts: list(
      z.union([z.string({ error: "a host line" }), hostMapping], {
        error: "a host line, or a mapping with address",
      }),
      "hosts",
    )
      .optional()
      .describe(
        "The servers: `[user@]address[:port] [name=web1] [roles=web,worker]` lines or mappings. Required.",
      ),
    leader: line("the name of a host")
      .optional()
      .describe("The host where the lock lives and where backup and migrate run. Without: the first host."),
    without: list(line("the name of a host"), "hosts")
      .prefault([])
      .describe("Hosts that deploys leave out: they are not asked, and stay behind until a reconcile."),
  },
  needs: { hosts: "at least one host" },
  inputs: {
    hosts: input(
      "lines",
      "hosts",
      "Servers, one per line: `user@name:port`, with `roles=web,worker` where needed.",
    ),
    username: input("text", "username", "User for hosts that name none."),
    leader: input(
      "text",
      "leader",
      "Host that holds the lock and runs backup and migration; the first unless told.",
    ),
    without: input(
      "lines",
      "without",
      "Hosts to leave out, one per line: dead ones, which would stop the others. They stay behind until a reconcile.",
      { value: "<hosts>", description: "leave these servers out, `web3,web4`; the leader never" },
    ),
  },
  check: ({ values: { leader, without = [] }, hosts = [] }) => {
    const found = findLeader(leader, hosts);
    if (hosts.length === 0) return [];
    return typeof found === "string" ? checkWithout(without, found, hosts) : [found];
  },
  resolve: ({ leader, without }, all): Fleet => {
    const out = leftOut(without, all);
    return {
      leader: String(findLeader(leader, all)),
      hosts: all.filter(({ name }) => !out.includes(name)),
      ...(out.length === 0 ? {} : { without: out }),
    };
  },
});
