import { z } from "zod";
import { defaultStrategy, plannedStrategies, strategies } from "../../strategies/strategies.ts";
import { checkRoles } from "../hosts/roles.ts";
import { input, section } from "../section.ts";
import { hostCommands } from "../values/command.ts";
import { mapping } from "../values/mapping.ts";
import { checkAsked } from "./asked.ts";
import { health, healthInputs } from "./health.ts";
import { pool, poolPhrases } from "./pool.ts";
import { purges } from "./purge.ts";
import { orderPhrases, rolling } from "./rolling.ts";
import { serviceList, serviceNames, servicePhrase } from "./service.ts";

const names = Object.keys(strategies) as (keyof typeof strategies)[];
const strategyPhrase = names.map((name) => JSON.stringify(name)).join(" or ");
const meanings = names.map((name) => `\`${name}\` ${strategies[name].words}`).join(", ");

const keys = {
  strategy: z
    .enum(names, { error: strategyPhrase })
    .prefault(defaultStrategy)
    .describe(`How the hosts switch: ${meanings}.`),
  rolling: rolling
    .optional()
    .describe("For the strategy of that name: how large its waves are, and which host goes when."),
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
    [strategyPhrase]: { planned: plannedStrategies },
    [servicePhrase]: { near: serviceNames },
    ...{ ...orderPhrases, ...poolPhrases },
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
    const health = { roles: activate?.health?.roles ?? [], path: ["activate", "health"] };
    const pool = { roles: activate?.pool?.roles ?? [], path: ["activate", "pool"] };
    const uses = [...services, ...used, ...purge, health, pool];
    return [...checkRoles(uses, hosts), ...checkAsked(activate?.health, hosts)];
  },
});
