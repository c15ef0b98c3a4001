import { type ActionContext, type ActionResult, runAction, sessionSettings } from "@deploy/action-kit";
import { type Config, planUnlock, renderFactsMarkdown, type UnlockPlan } from "@deploy/core";
import { openSession, type Session } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: unlock });

/** Shows who holds the fleet lock and what taking it away breaks; takes it away only with `confirm: true`. */
async function unlock(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const dryRun = inputs.dryRun || !(inputs.confirm || inputs.unfreeze);
  const session = await openSession(sessionSettings({ ...inputs, dryRun }, context, "unlock"));
  const { config, facts } = session;
  try {
    if (inputs.unfreeze) return await endFreeze(session, dryRun);
    const plan = planUnlock(facts, config);
    for (const line of plan.breaks) context.log.text(`- ${line}`);
    const may = !isFree(plan) && plan.refused === undefined;
    const { released, unfenced } = may ? await session.repair.unlock() : { released: false, unfenced: [] };
    const warnings = unfenced.map(
      (host) => `${host} was not reached: see that the old run is over before the next one.`,
    );
    return { ...tell(plan, released, config), warnings, summary: renderFactsMarkdown(facts, config) };
  } finally {
    await session.close();
  }
}

function isFree({ held, damaged }: UnlockPlan): boolean {
  return held === undefined && damaged === undefined;
}

async function endFreeze({ config, repair }: Session, dryRun: boolean): Promise<ActionResult> {
  const where = `${config.app} on ${config.environment}`;
  if (dryRun)
    return { result: "planned", headline: `${where}: a freeze would be ended`, outputs: { result: "shown" } };
  const { was } = await repair.unfreeze();
  return {
    result: "prepared",
    headline: was ? `${where} is not frozen any more` : `${where} was not frozen`,
    outputs: { result: was ? "unfrozen" : "free" },
  };
}

function tell(plan: UnlockPlan, freed: boolean, { app, environment }: Config): ActionResult {
  const where = `${app} on ${environment}`;
  if (plan.refused !== undefined) {
    return {
      result: "failed",
      headline: `${where} stays locked`,
      problems: [plan.refused],
      outputs: { result: "refused", holder: plan.held?.id ?? "" },
    };
  }
  const [result, headline] = isFree(plan)
    ? ["free", `${where}: nobody holds the lock`]
    : freed
      ? ["unlocked", `${where} is unlocked: the next run can start`]
      : ["shown", `${where} stays locked: give \`confirm: true\` to do what is shown above`];
  return {
    result: freed ? "prepared" : "planned",
    headline: headline ?? "",
    outputs: { result: result ?? "", holder: plan.held?.id ?? "" },
  };
}
