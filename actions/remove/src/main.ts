import { type ActionContext, type ActionResult, runAction, sessionSettings } from "@deploy/action-kit";
import { openSession } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: remove });

/** Takes an environment of many away. One that is not there is no failure: a pull request may close without a preview. */
async function remove(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const session = await openSession(sessionSettings(inputs, context, "remove"));
  const { app, environment } = session.config;
  const where = `${app} on ${environment}`;
  try {
    const removed = await session.repair.remove();
    const headline = {
      removed: `${where} was removed`,
      nothing: `${where} is not there: nothing was removed`,
      planned: `${where} would be removed`,
    }[removed];
    return { result: removed === "planned" ? "planned" : "prepared", headline, outputs: { result: removed } };
  } finally {
    await session.close();
  }
}
