import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ActionContext,
  type ActionResult,
  artifactName,
  checkOrigin,
  checkoutOf,
  compareCommits,
  packedDirectory,
  planFiles,
  runAction,
  sessionSettings,
  uploadFiles,
} from "@deploy/action-kit";
import type { PackedArtifact } from "@deploy/artifact";
import {
  credentialsOf,
  DeployError,
  makeProblem,
  type News,
  type Plan,
  type PlanRequest,
  type Problem,
  renderPlanMarkdown,
} from "@deploy/core";
import {
  checkedOut,
  deployRequest,
  findRelease,
  gatherNews,
  openSession,
  readConfigText,
  type Session,
} from "@deploy/session";
import { checkCredentials, renderCredentials } from "./credentials.ts";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: plan });

/**
 * Reads the servers, plans, and writes the plan, with the config it was made with, where reviewers and later jobs find it.
 * Changes nothing.
 */
async function plan(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  checkOrigin(context.github, inputs.ref, inputs.allowOrigin);
  const directory = await packedDirectory(context, inputs.handOver, inputs.packed);
  // Of this checkout, where nothing was built; never out of what a build made.
  const configText = await readConfigText({ ...inputs.settings, root: context.github.workspace });
  const options = sessionSettings({ ...inputs, dryRun: true }, context, "plan", configText);
  const { request, artifact } = await requestOf(inputs, context, directory);
  const session = await openSession({ ...options, vaultOf: () => inputs.vault });
  try {
    const planned = session.plan(request);
    const news = await newsOf(session, planned, artifact, inputs, context);
    return await publish(planned, news, inputs, context, configText);
  } finally {
    await session.close();
  }
}

async function requestOf(
  inputs: Inputs,
  context: ActionContext,
  directory: string | undefined,
): Promise<{ readonly request: PlanRequest; readonly artifact?: PackedArtifact }> {
  const now = new Date();
  if (inputs.kind === "rollback") {
    const { takeOver, to } = inputs;
    return { request: { kind: "rollback", now, takeOver, ...(to === undefined ? {} : { to }) } };
  }
  const { settings } = inputs;
  const artifact = await findRelease({ ...checkoutOf(context), settings, directory });
  if (inputs.packed !== undefined) await checkCommit(artifact, context);
  return { request: deployRequest(artifact, now, inputs), artifact };
}

/** What is new, for the page alone: nothing that is carried out depends on it. */
function newsOf(
  session: Session,
  plan: Plan,
  artifact: PackedArtifact | undefined,
  { githubToken: token }: Inputs,
  { github, log, signal, childEnvironment: env }: ActionContext,
): Promise<News> {
  const { serverUrl, repository, workspace: root } = github;
  const note = (text: string): void => log.text(text);
  return gatherNews(session, {
    ...{ plan, now: new Date(), manifest: artifact?.manifest, artifact, root, env },
    ...(serverUrl && repository ? { repository: `${serverUrl}/${repository}` } : {}),
    ...(token === undefined ? {} : { ask: compareCommits(github, { token, note, signal }) }),
  });
}

/** The config is this checkout's, so the files must be of the same commit. Where git is silent, nobody can say. */
async function checkCommit({ commit }: PackedArtifact, context: ActionContext): Promise<void> {
  const here = await checkedOut(checkoutOf(context), "");
  if (here.commit === "" || here.commit === commit) return;
  const message = `The release was packed from commit ${commit || "unknown"}, and the config is of ${here.commit}`;
  const hint =
    "A branch moved between two jobs: run all jobs again, or name a commit as `ref` of both checkouts.";
  throw new DeployError("plan-changed", message, { hint });
}

/** The page shows the plan that it is now, so that this one can be read and approved. */
function checkApproved({ digest, changed }: Plan, approved: string | undefined): readonly Problem[] {
  if (approved === undefined || approved === digest || !changed) return [];
  const message = `This is not the plan that was approved: its digest is ${digest}, approved was ${approved}`;
  return [makeProblem("plan-changed", message)];
}

async function publish(
  planned: Plan,
  news: News,
  inputs: Inputs,
  context: ActionContext,
  configText: string | undefined,
): Promise<ActionResult> {
  const folder = await mkdtemp(join(context.temporary, "deploy-plan-"));
  const file = join(folder, planFiles.plan);
  await writeFile(file, JSON.stringify(planned, null, 2));
  if (configText !== undefined) await writeFile(join(folder, planFiles.config), configText);
  const needed = credentialsOf(planned);
  const problems = [
    ...planned.problems,
    ...checkApproved(planned, inputs.planDigest),
    ...checkCredentials(needed, inputs.given),
  ];
  // Nobody can approve a plan that cannot be carried out, and its problems are what people must see.
  const sound = problems.length === 0;
  const wanted = sound && inputs.upload && !inputs.dryRun;
  const uploaded = wanted
    ? await uploadFiles(artifactName("plan", planned), folder, inputs.retentionDays, context.log)
    : undefined;
  return {
    result: sound ? "planned" : "failed",
    headline: planned.headline,
    problems,
    warnings: planned.warnings,
    summary: `${renderPlanMarkdown({ ...planned, problems }, news)}${renderCredentials(needed, inputs.given, planned.environment)}`,
    outputs: {
      release: planned.release,
      "plan-digest": planned.digest,
      "plan-file": file,
      "plan-artifact-id": uploaded?.id ?? "",
      headline: planned.headline,
      changed: String(planned.changed),
      credentials: [...new Set(needed.map(({ name }) => name))].join(" "),
      publishes: String(planned.publish !== undefined),
      url: planned.url ?? "",
    },
  };
}
