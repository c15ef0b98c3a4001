import {
  type ActionContext,
  type ActionResult,
  type ApprovedFiles,
  approvedFiles,
  checkOrigin,
  checkoutOf,
  deploymentOf,
  gateSettings,
  listening,
  packedDirectory,
  readHandOver,
  recordDeployment,
  reportResult,
  runAction,
  saveHandOver,
  sessionSettings,
} from "@deploy/action-kit";
import { type Config, DeployError, type Plan, renderPlanText } from "@deploy/core";
import { allPhases } from "@deploy/engine";
import {
  approvedPlan,
  askedFor,
  backupMaker,
  checkStores,
  deployRequest,
  findRelease,
  giveLockBack,
  loadConfig,
  openSession,
  progressLines,
} from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: deploy, post: unlock });

/** A whole deploy over one connection to each server: plan, upload, back up, migrate, switch, prove, or revert. */
async function deploy(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const { log } = context;
  const files = await approvedFiles(context, inputs.plan);
  const approved = approvedPlan(files.text, inputs.planDigest);
  if (typeof approved !== "object") checkOrigin(context.github, undefined, inputs.allowOrigin);
  const artifact = await releaseOf(inputs, context, files);
  const { settings, said } = listening(sessionSettings(inputs, context, "deploy", files.configText));
  const gate = gateSettings(inputs, context, settings);
  const session = await openSession({
    ...settings,
    migration: inputs.migration,
    identity: gate.identity,
    git: inputs.git,
    vaultOf: () => inputs.vault,
    backups: backupMaker({ ...gate, onProgress: progressLines((line) => log.text(line), 10_000) }),
  });
  try {
    checkStores(session.config, settings);
    const request = deployRequest(artifact, new Date(), askedFor(approved, inputs));
    const plan = session.plan(request, approved);
    log.group("plan");
    log.text(renderPlanText(plan).trimEnd());
    let ran: Plan = plan;
    const onReplan = (fresh: Plan): void => {
      ran = fresh;
    };
    const lockHeld = plan.changed && plan.problems.length === 0 && !inputs.dryRun;
    await saveHandOver(context, inputs.handOver, { configText: files.configText, lockHeld });
    const report = await session.run({ plan, phases: allPhases, artifact, onReplan });
    await saveHandOver(context, inputs.handOver, { lockHeld: false });
    if (inputs.recorded)
      await recordDeployment(report, deploymentOf(session.config, inputs, context, artifact.commit));
    return reportResult(report, { "plan-digest": ran.digest }, said());
  } finally {
    await session.close();
  }
}

/** Looked up after what this step cannot do: that is told first. */
async function releaseOf(inputs: Inputs, context: ActionContext, { configText }: ApprovedFiles) {
  const directory = await packedDirectory(context, inputs.handOver, inputs.packed);
  const settings = { ...inputs.settings, configText };
  const config = await loadConfig({ ...settings, root: context.github.workspace });
  checkConfig(config, { built: directory !== undefined || inputs.built, published: inputs.published });
  return findRelease({ ...checkoutOf(context), settings, directory });
}

/** What this step cannot do beside a key, or alone. Throws `build-credentials` or `config-unavailable`. */
function checkConfig(
  { build, assets }: Config,
  before: { readonly built: boolean; readonly published: boolean },
): void {
  if (build.length > 0 && !before.built) {
    throw new DeployError(
      "build-credentials",
      "The config has `build` commands, and this step holds a deploy key",
      {
        hint: "Run them in an earlier step and say `already-built: true`, or pack in a job before and hand its artifact over as `packed`.",
      },
    );
  }
  if (assets?.publish !== undefined && !before.published) {
    throw new DeployError(
      "config-unavailable",
      "This step publishes no assets, and the config has `assets.publish`",
      {
        hint: "Publish them in an earlier step, by build-assets with `phase: publish`, and say `already-published: true`; the reusable workflow does.",
      },
    );
  }
}

/** After the job, where this step was killed: the lock is free again. */
async function unlock(inputs: Inputs, context: ActionContext): Promise<void> {
  const left = await readHandOver(context, inputs.handOver);
  if (left?.lockHeld !== true) return;
  const session = await openSession(sessionSettings(inputs, context, "post", left.configText));
  try {
    await giveLockBack(session, (line) => context.log.text(line));
  } finally {
    await session.close();
  }
}
