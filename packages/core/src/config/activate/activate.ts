import * as z from "zod";
import { defaultStrategy, strategies } from "../../strategies/strategies.ts";
import { checkRoles } from "../hosts/roles.ts";
import { input, section } from "../section.ts";
import { hostCommands } from "../values/command.ts";
import { mapping } from "../values/mapping.ts";
import { checkAsked, checkQuiet } from "./asked.ts";
import { canary, canaryPhrases, checkCanary, checkLooks } from "./canary.ts";
import { health, healthInputs } from "./health.ts";
import { pool } from "./pool.ts";
import { poolPhrases } from "./poolKeys.ts";
import { purges } from "./purge.ts";
import { orderPhrases, rolling } from "./rolling.ts";
import { serviceList, serviceNames, servicePhrase } from "./service.ts";
import { checkTargets } from "./targets.ts";

const names = Object.keys(strategies) as (keyof typeof strategies)[];
const quoted = names.map((name) => JSON.stringify(name));
const strategyPhrase = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
const meanings = names.map((name) => `\`${name}\` ${strategies[name].words}`).join(", ");

const failures = ["revert", "hold"] as const;
const failurePhrase = "revert or hold";

const keys = {
  strategy: z
    .enum(names, { error: strategyPhrase })
    .prefault(defaultStrategy)
    .describe(`How the hosts switch: ${meanings}.`),
  rolling: rolling
    .optional()
    .describe("For the strategy of that name: how large its waves are, and which host goes when."),
  canary: canary
    .optional()
    .describe("For the strategy of that name: who goes first, for how long alone, and who follows."),
  "on-failure": z
    .enum(failures, { error: failurePhrase })
    .optional()
    .describe(
      "For strategies in waves, where one fails: `revert` takes back those before it too, in a deploy `hold` leaves these as they are until a person says. Without: `revert`.",
    ),
  pool: pool
    .optional()
    .describe(
      "For strategies in waves: how a host leaves its balancers before it switches, and returns when it is healthy.",
    ),
  service: serviceList()
    .optional()
    .describe("The servers that are told of the new release, in this order, before `reload`."),
  reload: hostCommands().prefault([]).describe("Commands that make the app serve the new release."),
  health: health.optional().describe("The proof that a host serves the new release."),
  diagnose: hostCommands()
    .optional()
    .describe(
      "Commands run in the live folder of a host that failed after the switch, before it goes back, such as `journalctl --user -u shop -n 30`. What they print is in the report; how they end changes nothing. Each is ended after 10 s unless it has a `timeout`.",
    ),
  purge: purges()
    .optional()
    .describe(
      "What makes caches forget the release before, once the new one is proved on every host: commands, or addresses.",
    ),
};
const activating = mapping(keys).meta({ title: "activate" });

export const activate = section({
  keys: {
    activate: activating
      .optional()
      .transform((given) => given ?? activating.parse({}))
      .describe("How the fleet switches, and what proves that it works."),
  },
  inner: Object.keys(keys),
  phrases: {
    [strategyPhrase]: { near: names },
    [failurePhrase]: { near: failures },
    [servicePhrase]: { near: serviceNames },
    ...{ ...orderPhrases, ...canaryPhrases, ...poolPhrases },
  },
  inputs: {
    strategy: input("text", "activate.strategy", `How the servers switch: ${meanings}.`),
    reload: input("lines", "activate.reload", "Commands run on every host after the switch, one per line."),
    ...healthInputs,
  },
  check: ({ values: { activate }, hosts }) => {
    const reload = activate?.reload ?? [];
    const services = (activate?.service ?? []).map(({ roles }, index) => ({
      ...{ roles, path: ["activate", "service", index] },
    }));
    const used = reload.map(({ roles }, index) => ({ roles, path: ["activate", "reload", index] }));
    const purge = (activate?.purge ?? []).map(({ roles }, index) => ({
      ...{ roles, path: ["activate", "purge", index] },
    }));
    const diagnose = (activate?.diagnose ?? []).map(({ roles }, index) => ({
      ...{ roles, path: ["activate", "diagnose", index] },
    }));
    const health = { roles: activate?.health?.roles ?? [], path: ["activate", "health"] };
    const pool = { roles: activate?.pool?.roles ?? [], path: ["activate", "pool"] };
    const uses = [...services, ...used, ...diagnose, ...purge, health, pool];
    return [
      ...checkRoles(uses, hosts),
      ...checkAsked(activate?.health, hosts),
      ...checkQuiet(activate?.health),
      ...checkCanary(activate?.canary, hosts),
      ...(activate?.strategy !== undefined && strategies[activate.strategy].looks === true
        ? checkLooks([activate.health, activate.canary?.check])
        : []),
      ...checkTargets(activate?.pool, hosts),
    ];
  },
});
