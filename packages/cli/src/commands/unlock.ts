import { type Config, DeployErrors, planUnlock, type UnlockPlan } from "@deploy/core";
import { confirm } from "../confirm.ts";
import { Cancelled } from "../failure.ts";
import { readSettings, withFleet } from "../fleet.ts";
import type { ChangeOptions, FleetOptions } from "../options.ts";
import { plainText } from "../plain.ts";
import { needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Takes the lock from a run that will not give it back; shows what that breaks, and asks. Never while a job runs. */
export async function unlockCommand(
  options: FleetOptions & ChangeOptions,
  context: Context,
): Promise<number> {
  needsAnswer("unlock", options, context.io);
  const settings = await readSettings(options, context.io);
  const { verbose, dryRun } = options;
  const open = { verbose, dryRun, commit: "", phase: "unlock" };
  return withFleet(settings, open, context, async ({ config, facts, repair }) => {
    const plan = planUnlock(facts, config);
    for (const line of unlockLines(plan, config)) context.screen.say(plainText(line));
    if (plan.refused !== undefined) throw new DeployErrors([plan.refused]);
    const free = plan.held === undefined && plan.damaged === undefined;
    if (!free) await agree(options, context);
    const { released, unfenced } = free ? nothing : await repair.unlock();
    const result = free ? "free" : released ? "unlocked" : "planned";
    if (released) context.screen.say("Unlocked: the next run can start.");
    for (const host of unfenced)
      context.screen.warn(
        `Warning: ${host} was not reached: see that the old run is over before the next one.`,
      );
    context.screen.answer({ schema: 1, result, exitCode: 0, ...plan, unfenced });
    return 0;
  });
}

const nothing = { released: false, unfenced: [] };

function unlockLines({ held, damaged, breaks }: UnlockPlan, { app, environment }: Config): readonly string[] {
  const head =
    held === undefined && damaged === undefined
      ? `${app} on ${environment}: nobody holds the lock.`
      : `Unlocking ${app} on ${environment}:`;
  return [head, ...breaks.map((line) => `  - ${line}`)];
}

async function agree(options: ChangeOptions, { io }: Context): Promise<void> {
  if (options.yes || options.dryRun) return;
  if (!(await confirm(io, "Unlock?"))) throw new Cancelled();
}
