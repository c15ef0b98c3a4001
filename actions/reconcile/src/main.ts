import {
  type ActionContext,
  type ActionResult,
  checkoutOf,
  packedDirectory,
  reportResult,
  runAction,
  sessionSettings,
  storeIdentity,
} from "@deploy/action-kit";
import type { PackedArtifact } from "@deploy/artifact";
import type { Plan } from "@deploy/core";
import { findRelease, openSession, type Session } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: reconcile });

/** Brings late, repaired or new hosts to the fleet's release; the others are not touched. */
async function reconcile(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const directory = await packedDirectory(context, inputs.handOver, inputs.packed);
  const settings = sessionSettings(inputs, context, "reconcile");
  const identity = storeIdentity(inputs.keys, context);
  const session = await openSession({ ...settings, identity, git: inputs.git });
  try {
    const find = () => findRelease({ ...checkoutOf(context), settings: inputs.settings, directory });
    const { plan, artifact } = await planWith(session, find, inputs);
    const phases = ["prepare", "data", "activate"] as const;
    const report = await session.run({ plan, phases, ...(artifact === undefined ? {} : { artifact }) });
    return reportResult(report, { "plan-digest": plan.digest });
  } finally {
    await session.close();
  }
}

/** Files are looked for only where a host lacks the release: mostly none does. */
async function planWith(
  session: Session,
  find: () => Promise<PackedArtifact>,
  { takeOver }: Inputs,
): Promise<{ readonly plan: Plan; readonly artifact?: PackedArtifact }> {
  const request = { kind: "reconcile", now: new Date(), takeOver } as const;
  const plan = session.plan(request);
  if (!plan.problems.some(({ code }) => code === "reconcile-artifact")) return { plan };
  const artifact = await find();
  return { plan: session.plan({ ...request, artifact: artifact.artifact }), artifact };
}
