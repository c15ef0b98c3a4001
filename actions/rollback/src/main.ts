import {
  type ActionContext,
  type ActionResult,
  approvedFiles,
  deploymentOf,
  listening,
  recordDeployment,
  reportResult,
  runAction,
  sessionSettings,
  storeIdentity,
} from "@deploy/action-kit";
import type { Facts } from "@deploy/core";
import { approvedPlan, openSession } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: rollback });

/** Plans and performs a switch back, honest about what it does not undo. */
async function rollback(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const { text, configText } = await approvedFiles(context, inputs.plan);
  const approved = approvedPlan(text, inputs.planDigest);
  const { settings, said } = listening(sessionSettings(inputs, context, "rollback", configText));
  const session = await openSession({
    ...settings,
    identity: storeIdentity(inputs.keys, context),
  });
  try {
    const to = typeof approved === "object" ? approved.release : inputs.to;
    const named = to === undefined || to === "" ? {} : { to };
    const { takeOver } = typeof approved === "object" ? approved : inputs;
    const plan = session.plan({ kind: "rollback", now: new Date(), takeOver, ...named }, approved);
    const report = await session.run({ plan, phases: ["activate"] });
    const commit = commitOf(session.facts, report.release);
    if (inputs.recorded)
      await recordDeployment(report, deploymentOf(session.config, inputs, context, commit));
    return reportResult(report, { warning: report.warnings.join("\n") }, said());
  } finally {
    await session.close();
  }
}

/** By the hosts' own records; "" where none of them knows it. */
function commitOf(facts: readonly Facts[], release: string): string {
  const known = facts.flatMap((host) => (host.reached ? host.releases : []));
  return known.find(({ id, commit }) => id === release && commit !== undefined)?.commit ?? "";
}
