import { kindOf, type Stage, type Step, stagesOf, switchedHosts } from "@deploy/core";
import type { Context } from "./context.ts";
import { allPrepared } from "./prepared.ts";
import { keepThere } from "./steps/hold.ts";
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
    if (stage.onFailure !== "stop") live.unshift(stage);
    if (await carryOut(context, stage)) continue;
    if (stage.onFailure !== "stop") await endWaves(context, live);
    return;
  }
}

/** The first of these failed. What is to stay until a person decides is told to the hosts; the rest goes back, the last wave first. */
async function endWaves(context: Context, [failed, ...before]: readonly Stage[]): Promise<void> {
  if (failed === undefined) return;
  const unclear = isUnclear(context, failed);
  const kept = unclear ? [failed, ...before] : failed.onFailure === "hold" ? before : [];
  for (const wave of [failed, ...before].filter((one) => !kept.includes(one))) await undoStage(context, wave);
  const hosts = switchedHosts({ stages: kept });
  const why = unclear ? "nobody could tell" : `wave ${failed.name} failed`;
  if (hosts.length > 0) await keepThere(context, hosts, why);
}

/** It did all it was to do, but for a question that only a person can answer. */
function isUnclear({ ledger, stopped }: Context, { steps }: Stage): boolean {
  const broken = ledger.outcomes.filter(
    ({ id, status }) => steps.some((step) => step.id === id) && status !== "ok",
  );
  const doubts = (id: string) => steps.some((step) => step.id === id && kindOf(step).doubts === true);
  return (
    !stopped() && broken.length > 0 && broken.every(({ id, status }) => doubts(id) && status === "unknown")
  );
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
