import { duration, requirementKey, type StepOf, stepsNamed } from "@deploy/core";
import { type Carried, markReady, type RequiredFiles } from "@deploy/remote";
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
      const told: { carried: Carried } = { carried: {} };
      const heard = (carried: Carried) => {
        told.carried = carried;
      };
      const ran = await runOn(
        context,
        link,
        step,
        { ...step, ...requiredOf(context, step), heard },
        "release",
      );
      const done = ran.status === "ok" && last(link) ? await ready(context, link) : ran;
      return done.status === "ok" ? { status: "ok", value: words(step, told.carried) } : done;
    };
    return everyHost(context, step, step.hosts, work, (detail) => detail);
  },
};

function words({ run, shown = run }: StepOf<"prepare">, { reused, bound }: Carried): string {
  if (reused !== undefined)
    return `${shown}: not run, unchanged since ${reused.since}: ${duration(reused.seconds * 1000)} saved`;
  if (bound !== undefined)
    return `${shown}; it will run each time, since ${bound} names the folder in which it lies`;
  return shown;
}

function requiredOf({ plan }: Context, step: StepOf<"prepare">): { readonly required?: RequiredFiles } {
  const { requirement } = step;
  const key = requirementKey(step, plan.artifact);
  if (requirement === undefined || key === undefined) return {};
  return { required: { ...requirement, key: key.key, digest: key.reads } };
}

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
