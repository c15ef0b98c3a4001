import { effectOf, kindOf, liveEffects, oldRelease, type Stage } from "@deploy/core";
import { finish } from "@deploy/remote";
import type { Context } from "./context.ts";
import { type Answer, askSurely } from "./hosts/ask.ts";
import { everyHost, note } from "./hosts/fan.ts";
import type { Link } from "./hosts/fleet.ts";
import { factsOf } from "./hosts/planned.ts";
import { unproved } from "./steps/runner.ts";
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
    (link) => {
      const mine = effects.filter(({ host }) => host === link.host.name);
      const switched = mine.some((outcome) => effectOf(outcome) === "live");
      // Who was taken out and not switched serves what it served: it only has to come back.
      const steps = stage.steps.filter((step) => switched || kindOf(step).ends === true);
      return takeBack({ ...context, control: { ...control, signal: never } }, { ...stage, steps }, link);
    },
    (detail) => detail,
  );
  if (hosts.length > 0) window.last = control.clock.now();
}

async function takeBack(context: Context, stage: Stage, link: Link): Promise<Answer<string>> {
  const release = oldRelease(context.plan, link.host.name);
  let doubt: Answer<unknown> | undefined;
  let proved = false;
  for (const step of stage.steps) {
    const { undo } = runnerOf(step);
    if (undo === undefined || !step.hosts.includes(link.host.name)) continue;
    if (kindOf(step).ends === true && doubt !== undefined) break;
    const answer = await undo(context, step, link, release);
    const proves = kindOf(step).proves === true && answer.status === "ok" && answer.value !== unproved;
    if (proves) [doubt, proved] = [undefined, true];
    else if (answer.status === "ok") continue;
    else if (answer.status === "failed" && kindOf(step).proved === true) doubt ??= answer;
    else return answer;
  }
  if (doubt !== undefined && doubt.status !== "ok") return doubt;
  if (release === null) return { status: "ok", value: "serves nothing again, as before" };
  if (!proved && !wasGood(context, link, release)) {
    return { status: "ok", value: `serves ${release} again, which was not proved before and is not now` };
  }
  await markGood(context, link, release);
  return { status: "ok", value: `serves ${release} again` };
}

/** Where no health says so now, what it was counts: going back to it makes nothing of it. */
function wasGood({ facts }: Context, { host }: Link, release: string): boolean {
  const found = factsOf(facts, host.name);
  return (
    found?.reached === true && found.releases.some(({ id, state }) => id === release && state === "good")
  );
}

/** What was gone back to is live and proved. Where that cannot be written, the next run proves it again. */
async function markGood(context: Context, link: Link, release: string): Promise<void> {
  const answer = await askSurely(link, finish({ fence: context.fence(), release, bad: null, removals: [] }));
  if (answer.status !== "ok")
    note(context, link, `${release} is proved, and could not be marked so: ${answer.problem.message}`);
}
