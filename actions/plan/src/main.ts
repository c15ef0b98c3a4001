import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ActionContext,
  type ActionResult,
  checkoutOf,
  packedDirectory,
  runAction,
  sessionSettings,
  uploadFiles,
} from "@deploy/action-kit";
import { type Plan, type PlanRequest, renderPlanMarkdown } from "@deploy/core";
import { deployRequest, findRelease, openSession, readPackedConfig } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: plan });

/** Reads the servers, plans, and writes the plan where reviewers and later jobs find it. Changes nothing. */
async function plan(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const directory = await packedDirectory(context, inputs.handOver, inputs.packed);
  const configText = await readPackedConfig(directory);
  const options = { ...sessionSettings({ ...inputs, dryRun: true }, context, "plan"), configText };
  const request = await requestOf(inputs, context, directory);
  const session = await openSession(options);
  try {
    const planned = session.plan(request);
    return await publish(planned, inputs, context);
  } finally {
    await session.close();
  }
}

async function requestOf(
  inputs: Inputs,
  context: ActionContext,
  directory: string | undefined,
): Promise<PlanRequest> {
  const now = new Date();
  if (inputs.kind === "rollback") {
    return {
      kind: "rollback",
      now,
      takeOver: inputs.takeOver,
      ...(inputs.to === undefined ? {} : { to: inputs.to }),
    };
  }
  const { settings } = inputs;
  const { artifact } = await findRelease({ ...checkoutOf(context), settings, directory });
  return deployRequest(artifact, now, inputs);
}

async function publish(planned: Plan, inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const folder = await mkdtemp(join(context.temporary, "deploy-plan-"));
  const file = join(folder, "plan.json");
  await writeFile(file, JSON.stringify(planned, null, 2));
  // Nobody can approve a plan that cannot be carried out, and its problems are what people must see.
  const sound = planned.problems.length === 0;
  const wanted = sound && inputs.upload && !inputs.dryRun;
  const uploaded = wanted ? await uploadFiles(nameOf(planned), folder, context.log) : undefined;
  return {
    result: sound ? "planned" : "failed",
    headline: planned.headline,
    problems: planned.problems,
    warnings: planned.warnings,
    summary: renderPlanMarkdown(planned),
    outputs: {
      release: planned.release,
      "plan-digest": planned.digest,
      "plan-file": file,
      "plan-artifact-id": uploaded?.id ?? "",
      headline: planned.headline,
      changed: String(planned.changed),
      url: planned.url ?? "",
    },
  };
}

function nameOf(planned: Plan): string {
  return `deploy-plan-${planned.environment}`;
}
