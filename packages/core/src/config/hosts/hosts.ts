import { z } from "zod";
import { input, section } from "../section.ts";
import { line, list } from "../values/leaves.ts";
import { user } from "./address.ts";
import { findLeader } from "./leader.ts";
import { hostMapping } from "./line.ts";

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
      .describe("The servers: `[user@]name[:port] [roles=web,worker]` lines or mappings. Required."),
    leader: line("the name of a host")
      .optional()
      .describe("The host where the lock lives and where backup and migrate run. Without: the first host."),
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
  },
  check: ({ values: { leader }, hosts = [] }) => {
    const found = findLeader(leader, hosts);
    return hosts.length === 0 || typeof found === "string" ? [] : [found];
  },
  resolve: ({ leader }, hosts) => ({ leader: String(findLeader(leader, hosts)), hosts }),
});
