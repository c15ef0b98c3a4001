import { z } from "zod";
import { anyRoles } from "../values/command.ts";
import { duration } from "../values/duration.ts";
import { command, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { readSharedFile, sharedPhrase } from "../values/paths.ts";

const kinds = ["file", "command"] as const;
export type PoolKind = (typeof kinds)[number];

const kindPhrase = "file or command";
const whilePhrase = "present or absent";
const whiles = ["present", "absent"] as const;
export const poolPhrases = {
  [kindPhrase]: { near: kinds, planned: ["haproxy", "aws"] },
  [whilePhrase]: { near: whiles },
};

const common = {
  "in-flight": command()
    .optional()
    .describe(
      "Run on the host that leaves: prints how many requests are open there. Waited for until it is 0.",
    ),
  within: duration()
    .prefault("30s")
    .describe(
      "How long it may take until a host is seen out or in, and as long again for open requests to end.",
    ),
  roles: anyRoles(),
};

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
  ...common,
}).meta({ title: "pool: file" });

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
  ...common,
}).meta({ title: "pool: command" });

export const pool = z.discriminatedUnion("kind", [file, commands], {
  error: (issue) => (issue.code === "invalid_union" ? kindPhrase : "a mapping with kind"),
});

/** How a host leaves the balancers that send to it, and returns. Times in milliseconds. */
export type Pool = z.output<typeof pool>;

export type PoolOf<Kind extends PoolKind> = Extract<Pool, { readonly kind: Kind }>;
