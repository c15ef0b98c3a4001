import { everyHost } from "../hosts/fan.ts";
import { leave, refuseToLeave } from "../pools/leave.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"drain"> = {
  async run(context, step) {
    const refusal = await refuseToLeave(context, step, step.hosts);
    return everyHost(
      context,
      step,
      step.hosts,
      async (link) => refusal ?? (await leave(context, step.pool, link)),
      (told) => told,
    );
  },
  /** One after the other: each of them counts who is left. */
  undo: (context, step, link) =>
    context.leaving.run(
      async () =>
        (await refuseToLeave(context, step, [link.host.name])) ?? (await leave(context, step.pool, link)),
    ),
};
