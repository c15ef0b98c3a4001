import { liveEffects, oldRelease, type Stage } from "@deploy/core";
import type { Context } from "./context.ts";
import type { Answer } from "./hosts/ask.ts";
import { everyHost } from "./hosts/fan.ts";
import type { Link } from "./hosts/fleet.ts";
import { runnerOf } from "./steps/runners.ts";

/**
 * Takes every host of a stage back that it changed, or of which it is not known: the stage's own steps, towards the
 * release that was live before.
 */
export async function undoStage(context: Context, stage: Stage): Promise<void> {
  const { plan, ledger, window, control } = context;
  const ids = stage.steps.map(({ id }) => id);
  const effects = liveEffects(ledger.outcomes).filter(({ id }) => ids.includes(id));
  const touched = new Set(effects.map(({ host }) => host));
  const hosts = plan.hosts.map(({ host }) => host).filter((host) => touched.has(host));
  const undoes = [...new Set(effects.map(({ id }) => id))];
  await everyHost(
    context,
    { id: "revert", step: "revert", undoes },
    hosts,
    (link) => takeBack(context, stage, link),
    (release) => (release === null ? "serves nothing again, as before" : `serves ${release} again`),
  );
  if (hosts.length > 0) window.last = control.clock.now();
}

async function takeBack(context: Context, stage: Stage, link: Link): Promise<Answer<string | null>> {
  const release = oldRelease(context.plan, link.host.name);
  for (const step of stage.steps) {
    const { undo } = runnerOf(step);
    if (undo === undefined || !step.hosts.includes(link.host.name)) continue;
    const answer = await undo(context, step, link, release);
    if (answer.status !== "ok") return answer;
  }
  return { status: "ok", value: release };
}
