import * as z from "zod";
import type { Host } from "../hosts/fleet.ts";
import { duration } from "../values/duration.ts";
import { list, text, webAddress } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { storeKeys } from "../values/store.ts";
import { isLiteral } from "./asked.ts";
import { common, kindPhrase, within } from "./poolKeys.ts";

const groupPhrase = "a target group's name, or its ARN";
const targetPhrase =
  "a host and its target (web1.example.com=i-0123456789abcdef0, or =10.0.1.11, or =10.0.1.11:8080)";

const name = /^[A-Za-z0-9-]{1,32}$/;
const arn =
  /^arn:aws[a-z-]*:elasticloadbalancing:([a-z0-9-]+):\d{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]+$/;

function target() {
  return text(targetPhrase, (value) => {
    const [, host, id, port] =
      /^([^=\s]+)=(i-[0-9a-f]+|[0-9.]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/.exec(value) ?? [];
    if (host === undefined || id === undefined || Number(port ?? 1) > 65_535) return undefined;
    return { host, id: id.replace(/^\[|\]$/g, ""), port: port === undefined ? undefined : Number(port) };
  });
}

export const targetGroup = mapping({
  kind: z
    .literal("target-group", { error: kindPhrase })
    .describe("Target groups of AWS's load balancers, from where deploy runs."),
  groups: list(
    text(groupPhrase, (value) => (name.test(value) || arn.test(value) ? value : undefined)),
    "names or ARNs",
  )
    .refine((given) => given.length > 0, { error: "at least one target group" })
    .describe(
      "All that have these hosts as targets, by name or ARN: each host is in all of them, or in none.",
    ),
  region: storeKeys.region.describe("Where they are. Without: as an ARN among `groups` says."),
  targets: list(target(), "pairs")
    .prefault([])
    .describe(
      "`web1.example.com=i-0123456789abcdef0`: the instance or IP address that stands for a host, with `:8080` where it is another port than the group's. Without: the host's address, where that is an IP address.",
    ),
  "deregistration-delay": duration()
    .prefault("300s")
    .describe(
      "What every group has as its deregistration delay (AWS: 300 s unless somebody set it): so long each wave waits. Held against the groups before a host leaves.",
    ),
  role: storeKeys.role,
  endpoint: webAddress().optional().describe("Another server that speaks for AWS. Without: AWS."),
  settle: duration().optional().describe("A wait after each change, beside what AWS says."),
  ...common,
  within: within("2m"),
}).meta({ title: "pool: target-group" });

type TargetGroup = z.output<typeof targetGroup>;

/** Whose region is asked; undefined: nothing says. */
export function regionOf({ region, groups }: Pick<TargetGroup, "region" | "groups">): string | undefined {
  return region ?? groups.map((group) => arn.exec(group)?.[1]).find((found) => found !== undefined);
}

/** The target that stands for a host; undefined: none does. */
export function targetOf(
  { targets }: Pick<TargetGroup, "targets">,
  { name, address }: Pick<Host, "name" | "address">,
): { readonly id: string; readonly port: number | undefined } | undefined {
  const named = targets.find(({ host }) => host === name);
  return named ?? (isLiteral(address) ? { id: address, port: undefined } : undefined);
}
