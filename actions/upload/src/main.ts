import {
  type ActionContext,
  type ActionResult,
  type ApprovedFiles,
  approvedFiles,
  checkoutOf,
  listening,
  packedDirectory,
  readHandOver,
  reportResult,
  runAction,
  saveHandOver,
  sessionSettings,
  storeIdentity,
} from "@deploy/action-kit";
import type { PackedArtifact } from "@deploy/artifact";
import type { Plan, Result } from "@deploy/core";
import {
  approvedPlan,
  askedFor,
  checkStores,
  deployRequest,
  findRelease,
  giveLockBack,
  openSession,
  type Session,
} from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: upload, post: unlock });

/** Brings the release to every host and prepares it. The lock stays ours for the steps that follow. */
async function upload(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const files = await approvedFiles(context, inputs.plan);
  const approved = approvedPlan(files.text, inputs.planDigest);
  const artifact = await releaseOf(inputs, context, files);
  const identity = storeIdentity(inputs.keys, context);
  const { settings, said } = listening(sessionSettings(inputs, context, "upload", files.configText));
  const session = await openSession({ ...settings, identity, git: inputs.git });
  try {
    checkStores(session.config, settings);
    let plan = planWith(session, artifact, approved, inputs);
    await saveHandOver(context, inputs.handOver, { configText: files.configText });
    await remember(plan, inputs, context);
    // What the steps that follow go on with is the plan that ran: another one where the lock was waited for.
    const onReplan = (fresh: Plan): void => {
      plan = fresh;
    };
    const keepLock = !inputs.dryRun;
    const report = await session.run({ plan, phases: ["prepare"], artifact, keepLock, onReplan });
    await remember(plan, inputs, context, report.result);
    return reportResult(report, { "plan-digest": plan.digest }, said());
  } finally {
    await session.close();
  }
}

async function releaseOf(
  { settings, handOver, packed }: Inputs,
  context: ActionContext,
  { configText }: ApprovedFiles,
): Promise<PackedArtifact> {
  const directory = await packedDirectory(context, handOver, packed);
  return findRelease({ ...checkoutOf(context), settings: { ...settings, configText }, directory });
}

function planWith(
  session: Session,
  artifact: PackedArtifact,
  approved: Plan | string | undefined,
  inputs: Inputs,
): Plan {
  return session.plan(deployRequest(artifact, new Date(), askedFor(approved, inputs)), approved);
}

/** Written before anything is touched: a run that is killed must find its lock again in post. */
function remember(plan: Plan, inputs: Inputs, context: ActionContext, result?: Result): Promise<void> {
  return saveHandOver(context, inputs.handOver, {
    ...(result === undefined ? {} : { result }),
    plan,
    release: plan.release,
    planDigest: plan.digest,
    lockHeld: plan.changed && plan.problems.length === 0 && !inputs.dryRun,
    dryRun: inputs.dryRun,
  });
}

/** After the job: the lock is free again, unless somebody must look first. */
async function unlock(inputs: Inputs, context: ActionContext): Promise<void> {
  const left = await readHandOver(context, inputs.handOver);
  if (left?.lockHeld !== true || left.result === "attention") return;
  const session = await openSession(sessionSettings(inputs, context, "post", left.configText));
  try {
    await giveLockBack(session, (line) => context.log.text(line));
  } finally {
    await session.close();
  }
}
