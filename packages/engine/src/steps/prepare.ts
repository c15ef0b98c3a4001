import { stepsNamed } from "@deploy/core";
import { markReady } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, ask } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import { runOn } from "./command.ts";
import type { Runner } from "./runner.ts";

export const prepare: Runner<"prepare"> = {
  run(context, step) {
    const last = (link: Link) => commandsOn(context, link.host.name).at(-1)?.id === step.id;
    const work = async (link: Link): Promise<Answer<unknown>> => {
      const ran = await runOn(context, link, step, step, "release");
      return ran.status === "ok" && last(link) ? ready(context, link) : ran;
    };
    return everyHost(context, step, step.hosts, work, () => step.run);
  },
};

/** Where a host has commands, its release is whole only after the last of them. */
export function commandsOn({ plan }: Pick<Context, "plan">, host: string) {
  return stepsNamed(plan, "prepare").filter(({ hosts }) => hosts.includes(host));
}

function ready(context: Context, link: Link): Promise<Answer<unknown>> {
  return ask(link, markReady({ fence: context.fence(), release: context.plan.release }));
}
