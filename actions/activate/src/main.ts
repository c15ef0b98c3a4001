import {
  type ActionContext,
  type ActionResult,
  listening,
  readHandOver,
  reportResult,
  runAction,
  saveHandOver,
  sessionSettings,
  storeIdentity,
} from "@deploy/action-kit";
import { openSession, resumePlan } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: activate });

/** Switches every host, proves health, and takes all of them back if one fails. */
async function activate(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const begun = await readHandOver(context, inputs.handOver);
  const { migration } = inputs;
  const { settings, said } = listening(sessionSettings(inputs, context, "activate", begun?.configText));
  const session = await openSession({
    ...settings,
    migration,
    identity: storeIdentity(inputs.keys, context),
  });
  try {
    const plan = resumePlan(session, begun?.plan, inputs.release, new Date());
    const report = await session.run({ plan, phases: ["activate"] });
    await saveHandOver(context, inputs.handOver, { result: report.result, lockHeld: false });
    return reportResult(report, {}, said());
  } finally {
    await session.close();
  }
}
