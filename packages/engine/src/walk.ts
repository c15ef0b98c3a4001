import { kindOf, type Stage, type Step, stagesOf } from "@deploy/core";
import type { Context } from "./context.ts";
import { allPrepared } from "./prepared.ts";
import { runnerOf } from "./steps/runners.ts";
import { undoStage } from "./undo.ts";

/**
 * Goes through the stages that were asked for. Where one fails, nothing more is begun, and what was changed on hosts is
 * taken back, the last wave first.
 */
export async function walk(context: Context): Promise<void> {
  const live: Stage[] = [];
  for (const stage of stagesOf(context.plan, context.phases)) {
    if (live.length === 0 && (context.stopped() || !allPrepared(context, stage))) return;
    if (stage.onFailure === "undo") live.unshift(stage);
    if (await carryOut(context, stage)) continue;
    if (stage.onFailure === "undo") for (const wave of live) await undoStage(context, wave);
    return;
  }
}

/** True: every step is ok, and nobody wants to stop. What comes after the last wave is not worth going back for. */
async function carryOut(context: Context, stage: Stage): Promise<boolean> {
  const stopped = () => stage.kind !== "finish" && context.stopped();
  for (const steps of turnsOf(stage.steps)) {
    if (stopped() || !(await runnerOf(steps[0]).run(context, ...steps))) return false;
  }
  return stage.onFailure === "stop" || !stopped();
}

type Turn = [Step, ...Step[]];

/** One step after the other; adjacent ones of a kind that goes together in one turn. */
function turnsOf(steps: readonly Step[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const step of steps) {
    const turn = turns.at(-1);
    if (turn?.[0].step === step.step && kindOf(step).together === true) turn.push(step);
    else turns.push([step]);
  }
  return turns;
}
