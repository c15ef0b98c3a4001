import {
  type ActionContext,
  type ActionResult,
  checkoutOf,
  packedDirectory,
  planText,
  readHandOver,
  reportResult,
  runAction,
  saveHandOver,
  sessionSettings,
  storeIdentity,
} from "@deploy/action-kit";
import type { Plan, Result } from "@deploy/core";
import {
  approvedPlan,
  askedFor,
  deployRequest,
  type FoundRelease,
  findRelease,
  openSession,
  readPackedConfig,
  type Session,
} from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: upload, post: giveLockBack });

/** Brings the release to every host and prepares it. The lock stays ours for the steps that follow. */
async function upload(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const approved = approvedPlan(await planText(context, inputs.plan), inputs.planDigest);
  const found = await releaseOf(inputs, context);
  const identity = storeIdentity(inputs.keys, context);
  const options = { ...sessionSettings(inputs, context, "upload"), configText: found.configText };
  const session = await openSession({ ...options, identity });
  try {
    let plan = planWith(session, found, approved, inputs);
    await remember(plan, inputs, context);
    const { artifact } = found;
    // What the steps that follow go on with is the plan that ran: another one where the lock was waited for.
    const onReplan = (fresh: Plan): void => {
      plan = fresh;
    };
    const keepLock = !inputs.dryRun;
    const report = await session.run({ plan, phases: ["prepare"], artifact, keepLock, onReplan });
    await remember(plan, inputs, context, report.result);
    return reportResult(report, { "plan-digest": plan.digest });
  } finally {
    await session.close();
  }
}

async function releaseOf(inputs: Inputs, context: ActionContext): Promise<FoundRelease> {
  const { settings, handOver, packed } = inputs;
  const directory = await packedDirectory(context, handOver, packed);
  return findRelease({ ...checkoutOf(context), settings, directory });
}

function planWith(
  session: Session,
  { artifact }: FoundRelease,
  approved: Plan | string | undefined,
  inputs: Inputs,
): Plan {
  const asked = typeof approved === "object" ? askedFor(approved) : inputs;
  return session.plan(deployRequest(artifact, new Date(), asked), approved);
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
async function giveLockBack(inputs: Inputs, context: ActionContext): Promise<void> {
  const left = await readHandOver(context, inputs.handOver);
  if (left?.lockHeld !== true || left.result === "attention") return;
  const configText = await readPackedConfig(left.artifactDirectory);
  const session = await openSession({ ...sessionSettings(inputs, context, "post"), configText });
  try {
    if (await session.releaseLock()) context.log.text("The lock is free again.");
    else if (isMigrating(session)) context.log.text(followText(session));
  } finally {
    await session.close();
  }
}

function isMigrating({ facts, config }: Session): boolean {
  const leader = facts.find(({ host }) => host === config.leader);
  return leader?.reached === true && (leader.jobs ?? []).some(({ state }) => state === "running");
}

/** A migration outlives its run: whoever reads this log must learn how to see its end. */
function followText({ config }: Session): string {
  return (
    `The migration goes on on ${config.leader}, and the lock stays. Follow it with: deploy status --environment ` +
    `${config.environment}. Re-run this job to attach to it.`
  );
}
