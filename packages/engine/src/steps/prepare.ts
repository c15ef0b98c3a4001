import { stepsNamed } from "@deploy/core";
import { markReady } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, ask } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import { wasSeenWhole } from "../hosts/held.ts";
import { factsOf } from "../hosts/planned.ts";
import { runOn } from "./command.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"prepare"> = {
  run(context, step) {
    const last = (link: Link) => commandsOn(context, link.host.name).at(-1)?.id === step.id;
    const work = async (link: Link): Promise<Answer<string>> => {
      if (isMade(context, link.host.name)) return { status: "ok", value: "was done already" };
      const ran = await runOn(context, link, step, step, "release");
      const done = ran.status === "ok" && last(link) ? await ready(context, link) : ran;
      return done.status === "ok" ? { status: "ok", value: step.shown ?? step.run } : done;
    };
    return everyHost(context, step, step.hosts, work, (detail) => detail);
  },
};

/** Where a host has commands, its release is whole only after the last of them. */
export function commandsOn({ plan }: Pick<Context, "plan">, host: string) {
  return stepsNamed(plan, "prepare").filter(({ hosts }) => hosts.includes(host));
}

/** Commands run only where the release is being made: a folder that is whole may be live. */
function isMade({ plan, facts }: Context, host: string): boolean {
  return plan.artifact !== undefined && wasSeenWhole(factsOf(facts, host), plan.release, plan.artifact);
}

function ready(context: Context, link: Link): Promise<Answer<unknown>> {
  return ask(link, markReady({ fence: context.fence(), release: context.plan.release }));
}
