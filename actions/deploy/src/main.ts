import {
  type ActionContext,
  type ActionResult,
  checkOrigin,
  checkoutOf,
  gateSettings,
  packedDirectory,
  readHandOver,
  reportResult,
  runAction,
  saveHandOver,
  sessionSettings,
} from "@deploy/action-kit";
import { type Config, DeployError, type Plan, renderPlanText } from "@deploy/core";
import { allPhases } from "@deploy/engine";
import {
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
  const { log, github } = context;
  checkOrigin(github, undefined, inputs.allowOrigin);
  const directory = await packedDirectory(context, inputs.handOver, inputs.packed);
  const config = await loadConfig({ ...inputs.settings, root: github.workspace });
  checkConfig(config, directory !== undefined || inputs.built);
  const artifact = await findRelease({ ...checkoutOf(context), settings: inputs.settings, directory });
  const options = sessionSettings(inputs, context, "deploy");
  const gate = gateSettings(inputs, context, options);
  const session = await openSession({
    ...options,
    migration: inputs.migration,
    identity: gate.identity,
    backups: backupMaker({ ...gate, onProgress: progressLines((line) => log.text(line), 10_000) }),
  });
  try {
    checkStores(session.config, options);
    const plan = session.plan(deployRequest(artifact, new Date(), inputs), inputs.planDigest);
    log.group("plan");
    log.text(renderPlanText(plan).trimEnd());
    let ran: Plan = plan;
    const onReplan = (fresh: Plan): void => {
      ran = fresh;
    };
    await saveHandOver(context, inputs.handOver, { lockHeld: plan.changed && !inputs.dryRun });
    const report = await session.run({ plan, phases: allPhases, artifact, onReplan });
    await saveHandOver(context, inputs.handOver, { lockHeld: false });
    return reportResult(report, { "plan-digest": ran.digest });
  } finally {
    await session.close();
  }
}

/** What this step cannot do beside a key, or alone. Throws `build-credentials` or `config-unavailable`. */
function checkConfig({ build, assets }: Config, built: boolean): void {
  if (build.length > 0 && !built) {
    throw new DeployError(
      "build-credentials",
      "The config has `build` commands, and this step holds a deploy key",
      {
        hint: "Run them in an earlier step and say `already-built: true`, or pack in a job before and hand its artifact over as `packed`.",
      },
    );
  }
  if (assets?.publish !== undefined) {
    throw new DeployError(
      "config-unavailable",
      "This step publishes no assets, and the config has `assets.publish`",
      {
        hint: "Use the reusable workflow, or the actions as steps: build-assets publishes between migrate and activate.",
      },
    );
  }
}

/** After the job, where this step was killed: the lock is free again. */
async function unlock(inputs: Inputs, context: ActionContext): Promise<void> {
  if ((await readHandOver(context, inputs.handOver))?.lockHeld !== true) return;
  const session = await openSession(sessionSettings(inputs, context, "post"));
  try {
    await giveLockBack(session, (line) => context.log.text(line));
  } finally {
    await session.close();
  }
}
