import * as z from "zod";
import type { Finding } from "../file/finding.ts";
import type { Host } from "../hosts/fleet.ts";
import { hostNamed } from "../hosts/named.ts";
import { duration } from "../values/duration.ts";
import { command, line, list, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { type Share, shareForms } from "./share.ts";

const thens = ["all", "rolling", "hold"] as const;
const thenPhrase = "all, rolling or hold";
const hostsPhrase =
  "a number of hosts, a part of them, or a list of their names (1, 10%, [web1.example.com])";
const partPhrase = "a part in percent (1%, 0.5%)";
export const canaryPhrases = { [thenPhrase]: { near: thens } };

/** Which hosts go first: so many, or these. */
export type Chosen = Share | { readonly names: readonly string[] };

const named = () =>
  list(line("the name of a host"), "hosts")
    .refine((given) => given.length > 0, { error: hostsPhrase })
    .transform((names): Chosen => ({ names }));

const given = mapping({
  hosts: z
    .union([...shareForms(), named()], { error: hostsPhrase })
    .prefault(1)
    .describe(
      "Which hosts switch first, and alone: so many, or these. A part of the fleet is rounded down, and is at least one host; somebody always stays.",
    ),
  soak: duration()
    .prefault("10m")
    .describe("How long they serve the release before anybody else does, and are looked at."),
  interval: duration().prefault("10s").describe("The pause between two looks."),
  check: command()
    .optional()
    .describe(
      "Run on each of them at each look, in the live folder: 0 is well, 75 says that it cannot tell, all else is not well, and all go back.",
    ),
  "more-errors": text(partPhrase, (value) => {
    const percent = /^(\d{1,2}(?:\.\d{1,3})?)%$/.exec(value)?.[1];
    return percent === undefined ? undefined : Number(percent) / 100;
  })
    .prefault("1%")
    .describe(
      "Where the pool's balancers count (`haproxy`): how much larger a part of the requests may fail there than on the other hosts.",
    ),
  // biome-ignore lint/suspicious/noThenProperty: a word of the config, and in no value that is awaited
  then: z
    .enum(thens, { error: thenPhrase })
    .prefault("rolling")
    .describe(
      "After a soak that went well: the others `all` together, in waves as `rolling` says, or nobody until a person says (`hold`).",
    ),
});

export const canary = given
  .transform(({ then: others, ...rest }) => ({ ...rest, others }))
  .meta({ title: "canary" });

/** How some hosts go first, and are looked at before the others follow. Times in milliseconds, parts of 1. */
export type Canary = z.output<typeof canary>;

export const canaryDefaults = (): Canary => canary.parse({});

/** Names that no host has, and names of all hosts: nobody would be left to follow. */
export function checkCanary(given: Partial<Canary> | undefined, hosts: readonly Host[] = []) {
  const names = given?.hosts !== undefined && "names" in given.hosts ? given.hosts.names : [];
  if (hosts.length === 0) return [];
  const path = ["activate", "canary", "hosts"];
  const found = names.map((name) => hostNamed(name, hosts));
  const unknown = found.flatMap((host, index): Finding[] =>
    "name" in host ? [] : [{ path: [...path, index], at: "value", code: "config-invalid", ...host }],
  );
  if (unknown.length > 0 || new Set(found).size < hosts.length || names.length === 0) return unknown;
  const message = "expected hosts that leave somebody to follow them, got all hosts";
  return [{ path, at: "value", code: "config-conflict", message } satisfies Finding];
}

/** A soak that looks at nothing proves nothing. */
export function checkLooks(looks: readonly (object | string | undefined)[]): readonly Finding[] {
  if (looks.some((look) => look !== undefined)) return [];
  return [
    {
      path: ["activate", "strategy"],
      at: "value",
      code: "config-conflict",
      message: "expected something that a canary can be judged by",
      hint: "Add `activate.health`, or a command as `activate.canary.check`.",
    },
  ];
}
