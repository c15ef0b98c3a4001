import { anyRoles } from "../values/command.ts";
import { duration } from "../values/duration.ts";
import { command } from "../values/leaves.ts";

export const poolKinds = ["file", "haproxy", "target-group", "command"] as const;
export type PoolKind = (typeof poolKinds)[number];

export const kindPhrase = `${poolKinds.slice(0, -1).join(", ")} or ${poolKinds.at(-1)}`;
export const leasePhrase = "a duration, or false";
export const whilePhrase = "present or absent";
export const whiles = ["present", "absent"] as const;
export const poolPhrases = { [kindPhrase]: { near: poolKinds }, [whilePhrase]: { near: whiles } };

export const inFlight = command()
  .optional()
  .describe(
    "Run on the host that leaves: prints how many requests are open there. Waited for until it is 0.",
  );

export const within = (usual: string) =>
  duration()
    .prefault(usual)
    .describe(
      "How long it may take until a host is seen out or in, and as long again for open requests to end.",
    );

/** What every kind has. */
export const common = { within: within("30s"), roles: anyRoles() };
