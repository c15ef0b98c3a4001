import { type ActionContext, type ActionResult, runAction, sessionSettings } from "@deploy/action-kit";
import { driftMarkdown, driftProblems, isAsSent, type Remark } from "@deploy/core";
import { remarksHeadline, remarksMarkdown, renderRemarks, stopProblems } from "@deploy/core/doctor";
import { openSession } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: doctor });

/** Looks, and fails only for what would stop a deploy: what warns is annotated, so that somebody sees it. */
async function doctor(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  // Dry or not, it only reads, and an app that is asked in a dry run answers nothing.
  const session = await openSession(sessionSettings({ ...inputs, dryRun: false }, context, "doctor"));
  const { app, environment } = session.config;
  try {
    const [remarks, drift] = await Promise.all([
      session.examine(new Date()),
      inputs.verify ? session.drift() : [],
    ]);
    context.log.text(renderRemarks(remarks, "action"));
    const where = `${app} on ${environment}`;
    const headline = isAsSent(drift)
      ? remarksHeadline(remarks, where)
      : `${where}: files were changed by hand, or could not be compared`;
    const changed = driftProblems(drift);
    const problems = [...stopProblems(remarks), ...changed];
    const warnings = remarks.filter(({ level }) => level === "warn").map(sentence);
    const result = problems.length > 0 ? "stop" : warnings.length > 0 ? "warn" : "ok";
    const summary = [remarksMarkdown(remarks, headline), ...driftMarkdown(drift)].join("\n");
    const outputs = { result, remarks: JSON.stringify(remarks), drift: JSON.stringify(drift) };
    return {
      result: result === "stop" ? "failed" : "planned",
      headline,
      problems,
      warnings,
      summary,
      outputs,
    };
  } finally {
    await session.close();
  }
}

function sentence({ host, about, text }: Remark): string {
  return `${host === undefined ? about : `${host} ${about}`}: ${text}`;
}
