import { kindOf, liveEffects, oldRelease, type Stage } from "@deploy/core";
import { finish } from "@deploy/remote";
import type { Context } from "./context.ts";
import { type Answer, askSurely } from "./hosts/ask.ts";
import { everyHost, note } from "./hosts/fan.ts";
import type { Link } from "./hosts/fleet.ts";
import { runnerOf } from "./steps/runners.ts";

/** After a switch the way back runs to its end, whatever is cancelled meanwhile: half of it would be an outage. */
const never = new AbortController().signal;

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
    (link) => takeBack({ ...context, control: { ...control, signal: never } }, stage, link),
    (detail) => detail,
  );
  if (hosts.length > 0) window.last = control.clock.now();
}

async function takeBack(context: Context, stage: Stage, link: Link): Promise<Answer<string>> {
  const release = oldRelease(context.plan, link.host.name);
  let doubt: Answer<unknown> | undefined;
  for (const step of stage.steps) {
    const { undo } = runnerOf(step);
    if (undo === undefined || !step.hosts.includes(link.host.name)) continue;
    const answer = await undo(context, step, link, release);
    if (answer.status === "ok") doubt = kindOf(step).proves === true ? undefined : doubt;
    else if (answer.status === "failed" && kindOf(step).proved === true) doubt ??= answer;
    else return answer;
  }
  if (doubt !== undefined && doubt.status !== "ok") return doubt;
  if (release === null) return { status: "ok", value: "serves nothing again, as before" };
  await markGood(context, link, release);
  return { status: "ok", value: `serves ${release} again` };
}

/** What was gone back to is live and proved. Where that cannot be written, the next run proves it again. */
async function markGood(context: Context, link: Link, release: string): Promise<void> {
  const answer = await askSurely(link, finish({ fence: context.fence(), release, bad: null, removals: [] }));
  if (answer.status !== "ok")
    note(context, link, `${release} is proved, and could not be marked so: ${answer.problem.message}`);
}
