import * as z from "zod";
import { parseHosts } from "../hosts/fleet.ts";
import { hostLinePhrase } from "../hosts/line.ts";
import { duration } from "../values/duration.ts";
import { command, list, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { readSharedFile, sharedPhrase } from "../values/paths.ts";
import { common, inFlight, kindPhrase, leasePhrase, type PoolKind, whilePhrase, whiles } from "./poolKeys.ts";
import { targetGroup } from "./targetGroup.ts";

function server() {
  return text("a host and what HAProxy calls it (web1.example.com=web1)", (value) => {
    const [, host, server] = /^([^=\s]+)=([\w.:-]{1,200})$/.exec(value) ?? [];
    return host === undefined || server === undefined ? undefined : { host, server };
  });
}

function balancer() {
  return text(hostLinePhrase, (value) => {
    try {
      return parseHosts(value)[0];
    } catch {
      return undefined;
    }
  });
}

const file = mapping({
  kind: z
    .literal("file", { error: kindPhrase })
    .describe("A file on each host, by which the health check of the balancer fails."),
  path: text(sharedPhrase, readSharedFile).describe("The file, below `shared/`."),
  "out-while": z
    .enum(whiles, { error: whilePhrase })
    .prefault("present")
    .describe("The health check fails while the file is `present`, or while it is `absent`."),
  settle: duration().describe(
    "How long until every balancer has noticed: its check's interval times the checks it takes, the larger of out and in.",
  ),
  lease: z
    .union([z.literal(false), duration()], { error: leasePhrase })
    .prefault("2m")
    .describe(
      "A host that is out returns by itself, once `health` is proved there, when it heard nothing for so long of the run that took it out. `false`: it waits for the next run.",
    ),
  "in-flight": inFlight,
  ...common,
}).meta({ title: "pool: file" });

const haproxy = mapping({
  kind: z
    .literal("haproxy", { error: kindPhrase })
    .describe("The runtime socket of each HAProxy, by SSH: no program is needed there."),
  balancers: list(balancer(), "hosts")
    .refine((given) => given.length > 0, { error: "at least one balancer" })
    .describe(
      "All that send to these hosts, as `user@name:port`. Their host keys are in `known-hosts`, too.",
    ),
  socket: text("an absolute path", (value) => (/^\/[\w./@+-]+$/.test(value) ? value : undefined))
    .prefault("/run/haproxy/admin.sock")
    .describe("The socket (`stats socket … level admin`), which the login there may use."),
  backend: text("a backend's name", (value) => (/^[\w.:-]{1,200}$/.test(value) ? value : undefined)).describe(
    "The backend that has the hosts as its servers.",
  ),
  servers: list(server(), "pairs")
    .prefault([])
    .describe(
      "`web1.example.com=web1`: what HAProxy calls a host. Without: the server of the host's own name, or with its address.",
    ),
  settle: duration().optional().describe("A wait after each change, beside what HAProxy says."),
  ...common,
}).meta({ title: "pool: haproxy" });

const commands = mapping({
  kind: z
    .literal("command", { error: kindPhrase })
    .describe("Commands of your own, run on the host that leaves or returns."),
  read: command().describe(
    "Prints `in`, `draining`, `out` or `down`: where the host is, as every balancer says.",
  ),
  drain: command().describe("Asks for no more new requests; may be repeated."),
  return: command().describe("Takes the host in again; may be repeated."),
  settle: duration().optional().describe("A wait after each of both, beside what `read` says."),
  lease: duration()
    .optional()
    .describe(
      "A host that is out returns by itself, by `return` and once `health` is proved there, when it heard nothing for so long of the run that took it out. Without: it waits for the next run.",
    ),
  "in-flight": inFlight,
  ...common,
}).meta({ title: "pool: command" });

export const pool = z.discriminatedUnion("kind", [file, haproxy, targetGroup, commands], {
  error: (issue) => (issue.code === "invalid_union" ? kindPhrase : "a mapping with kind"),
});

/** How a host leaves the balancers that send to it, and returns. Times in milliseconds. */
export type Pool = z.output<typeof pool>;

export type PoolOf<Kind extends PoolKind> = Extract<Pool, { readonly kind: Kind }>;
