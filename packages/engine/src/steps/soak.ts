import { makeProblem, type Problem, type StepOf } from "@deploy/core";
import type { Context } from "../context.ts";
import { type Answer, failed } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import { type Link, linkOf } from "../hosts/fleet.ts";
import type { Told } from "../ledger.ts";
import { openTraffic, type Traffic } from "../pools/traffic.ts";
import { runOn } from "./command.ts";
import { proveHealth } from "./health.ts";
import type { Runner } from "./runner.ts";

type Soak = StepOf<"soak">;
/** Undefined: well. `unknown`: nobody can tell. */
type Found = Exclude<Answer<never>, { status: "ok" }> | undefined;

export const runner: Runner<"soak"> = {
  run(context, step) {
    const soaked = soak(context, step);
    return everyHost(
      context,
      step,
      step.hosts,
      async (link) => (await soaked).get(link.host.name) ?? { status: "ok", value: cut(context) },
      (told) => told,
    );
  },
};

function cut({ stopped }: Context): string | Told {
  return stopped() ? { skipped: true, detail: "the run was stopped meanwhile" } : "went well";
}

/**
 * Looks until the time is over, or somebody is not well. What was unclear in between is none of it; what is at the last look is
 * a question for a person. Each host with what was found last; without an entry: well.
 */
async function soak(context: Context, step: Soak): Promise<ReadonlyMap<string, NonNullable<Found>>> {
  const { clock, signal, dryRun } = context.control;
  const end = clock.now() + step.soak;
  if (dryRun) return new Map();
  const traffic = await openTraffic(context, step);
  for (;;) {
    const last = clock.now() >= end;
    const found = await lookAtAll(context, step, traffic, last);
    const bad = [...found.values()].some(({ status }) => status === "failed");
    if (bad || last || context.stopped()) return context.stopped() && !bad ? new Map() : found;
    await clock.sleep(Math.max(0, Math.min(step.interval, end - clock.now())), signal);
  }
}

async function lookAtAll(context: Context, step: Soak, traffic: Traffic | undefined, last: boolean) {
  const counted = await traffic?.judge(last);
  const found = await Promise.all(
    step.hosts.map(async (host) => {
      const link = linkOf(context.fleet, host);
      const own = await lookAt(context, step, link);
      return [host, own?.status === "failed" ? own : (countedOn(link, counted) ?? own)] as const;
    }),
  );
  return new Map(found.flatMap(([host, one]) => (one === undefined ? [] : [[host, one] as const])));
}

function countedOn(
  link: Link,
  counted: { status: "failed" | "unknown"; problem: Problem } | undefined,
): Found {
  return counted && { ...counted, problem: failed(link, counted.problem).problem };
}

async function lookAt(context: Context, step: Soak, link: Link): Promise<Found> {
  const { health, check } = step;
  if (health?.hosts.includes(link.host.name)) {
    // A look that goes wrong later is seen by a later look.
    const { quiet: _, ...asked } = health.asked;
    const answer = await proveHealth(context, link, asked, context.plan.release);
    if (answer.status !== "ok") return link.transport === undefined ? unclear(link, answer.problem) : answer;
  }
  if (check === undefined || context.stopped()) return undefined;
  const timeout = Math.max(step.interval, leastForCheck);
  const answer = await runOn(context, link, step, { run: check, timeout }, "current");
  if (answer.status === "ok") return undefined;
  const told = answer.status === "failed" && !unsure.has(answer.exitCode ?? 0);
  return told ? failed(link, makeProblem("soak-bad", answer.problem.message)) : unclear(link, answer.problem);
}

/** Milliseconds that a check has, also where looks follow faster. */
const leastForCheck = 60_000;

/** Exit codes of a check that cannot tell (EX_TEMPFAIL), was ended at its time limit, or was not run at all. */
const unsure = new Set([0, 75, 124, 137, 143]);

function unclear(link: Link, { message }: Problem): Found {
  const { problem } = failed(link, makeProblem("soak-unclear", message));
  return { status: "unknown", problem };
}
