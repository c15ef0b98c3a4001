import { hold } from "@deploy/remote";
import type { Context } from "../context.ts";
import { askSurely } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"hold"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => askSurely(link, hold(context.fence(), context.plan.release)),
      () => step.why,
    ),
};

/** The same where no plan has it: a run came to what only a person can decide. */
export async function keepThere(context: Context, hosts: readonly string[], why: string): Promise<void> {
  await runner.run(context, { id: "hold", step: "hold", hosts, why });
}
