import {
  type Config,
  decideResult,
  type Live,
  type Outcome,
  oldRelease,
  type Phase,
  type Plan,
  type PlanRequest,
  plan,
  type Result,
  type Status,
  type Step,
} from "@deploy/core";
import { expect, test } from "@jest/globals";
import {
  deployRequest,
  fullConfig,
  hostOf,
  minted,
  newRelease,
  old,
  older,
  outcomeOf,
  reachedHost,
  reconcileRequest,
  releaseOf,
} from "../fixtures.ts";

/** mulberry32: the same runs each time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Dice {
  readonly chance: (of: number) => boolean;
  readonly pick: <T>(values: readonly T[]) => T;
}

function diceOf(random: () => number): Dice {
  return {
    chance: (of) => random() < of,
    pick: <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T,
  };
}

interface Run {
  readonly plan: Plan;
  readonly phases: readonly Phase[];
  readonly outcomes: readonly Outcome[];
  readonly live: readonly Live[];
  readonly cancelled: boolean;
}

const roles = [[], ["web"], ["worker"]] as const;

function planBy({ chance, pick }: Dice): Plan {
  const hosts = ["web1", "web2", "web3"].slice(0, pick([1, 2, 3])).map((name) => hostOf(name, pick(roles)));
  const full = fullConfig();
  const command = (run: string) => ({ run, roles: pick(roles) });
  const { backup: _, migrate: __, ...rest } = full;
  const config: Config = {
    ...rest,
    ...(chance(0.5) ? { migrate: full.migrate as NonNullable<Config["migrate"]> } : {}),
    hosts,
    prepare: pick([[], ["a"], ["a", "b"]]).map(command),
    activate: {
      strategy: "all",
      reload: pick([[], ["a"], ["a", "b"]]).map(command),
      ...(chance(0.5) ? { health: full.activate.health as NonNullable<Config["activate"]["health"]> } : {}),
    },
  };
  const facts = hosts.map(({ name }) => {
    const late = chance(0.7);
    const releases = [
      releaseOf(older),
      releaseOf(old),
      ...(late ? [] : [newRelease(pick(["good", "active"]))]),
    ];
    return reachedHost(name, { releases, current: { kind: "release", release: late ? old : minted } });
  });
  const request = pick<PlanRequest>([deployRequest(), { kind: "rollback" }, reconcileRequest()]);
  return plan(config, facts, request);
}

const statuses: readonly Status[] = ["ok", "failed", "unknown", "skipped"];

/** Mostly as a good or a reverted run would leave it, with a few things otherwise. */
function runBy(made: Plan, { chance, pick }: Dice): Run {
  const phases = pick<readonly Phase[]>([
    ["prepare", "data", "activate"],
    ["prepare"],
    ["activate"],
    ["data"],
  ]);
  const odd = pick([0, 0, 0.05, 0.3]);
  const back = chance(0.5);
  const outcomes = made.stages
    .flatMap(({ steps }) => steps)
    .flatMap((step) => {
      return step.hosts.flatMap((host): Outcome[] => {
        const status = chance(odd) ? pick(statuses) : back && step.step === "health" ? "failed" : "ok";
        return chance(odd) ? [] : [outcomeOf(host, step.step, status, { id: step.id })];
      });
    });
  const live = effects(outcomes, made);
  const undoes = chance(odd) ? ["switch"] : [...new Set(live.map(({ id }) => id))];
  const reverts = back
    ? [...new Set(live.map(({ host }) => host))].flatMap((host) =>
        chance(odd) ? [] : [outcomeOf(host, "revert", chance(odd) ? pick(statuses) : "ok", { undoes })],
      )
    : [];
  const truth = (host: string) => (back ? oldRelease(made, host) : made.release);
  return {
    plan: made,
    phases,
    outcomes: [...outcomes, ...reverts],
    live: made.hosts.map(({ host }) => ({
      host,
      release: chance(odd) ? pick([old, minted, null, undefined]) : truth(host),
    })),
    cancelled: chance(0.2),
  };
}

const liveSteps: readonly Step["step"][] = ["switch", "reload"];

function effects(outcomes: readonly Outcome[], made: Plan): readonly Outcome[] {
  const ids = made.stages.flatMap(({ steps }) => steps).filter(({ step }) => liveSteps.includes(step));
  return outcomes.filter(
    ({ id, status }) => ids.some((step) => step.id === id) && (status === "ok" || status === "unknown"),
  );
}

const stagesOfPhase = { prepare: ["prepare"], data: ["data"], activate: ["wave", "finish"] } as const;

function isDone({ plan: made, phases, outcomes }: Run): boolean {
  const asked: readonly string[] = phases.flatMap((phase) => stagesOfPhase[phase]);
  const steps = made.stages.filter(({ kind }) => asked.includes(kind)).flatMap((stage) => stage.steps);
  const slots = steps.flatMap(({ id, hosts }) => hosts.map((host) => ({ id, host })));
  const all = slots.every(({ id, host }) =>
    outcomes.some((entry) => entry.id === id && entry.host === host && entry.status === "ok"),
  );
  return (
    all &&
    made.problems.length === 0 &&
    !outcomes.some(({ status }) => status === "failed" || status === "unknown")
  );
}

function isUndone({ plan: made, outcomes, live }: Run): boolean {
  const changed = effects(outcomes, made);
  const reverts = outcomes.filter(({ step }) => step === "revert");
  const late = made.stages.flatMap(({ steps }) =>
    steps.flatMap(({ step, hosts }) => (step === "switch" ? hosts : [])),
  );
  return (
    changed.length > 0 &&
    reverts.every(({ status }) => status === "ok" || status === "skipped") &&
    changed.every((effect) =>
      reverts.some(
        ({ host, status, undoes = [] }) =>
          host === effect.host && status === "ok" && undoes.includes(effect.id),
      ),
    ) &&
    made.hosts.every(({ host }) => {
      const before = oldRelease(made, host);
      const left = made.kind === "reconcile" && !late.includes(host);
      return (
        live.find((entry) => entry.host === host)?.release === before && (left || before !== made.release)
      );
    })
  );
}

function* runs(dice: Dice): Generator<Run> {
  for (let plans = 0; plans < 300; plans += 1) {
    const made = planBy(dice);
    for (let times = 0; times < 20; times += 1) yield runBy(made, dice);
  }
}

test("deployed, prepared and reverted are exactly what they promise, for random plans and outcomes", () => {
  const seen = new Map<Result, number>();
  const wrong: unknown[] = [];
  for (const run of runs(diceOf(randomOf(11)))) {
    const result = decideResult(run);
    seen.set(result, (seen.get(result) ?? 0) + 1);
    const done = isDone(run);
    const everywhere = run.live.every(({ release }) => release === run.plan.release);
    const promised = {
      deployed: done && run.phases.includes("activate") && everywhere,
      prepared: done && !run.phases.includes("activate"),
      reverted: !done && isUndone(run),
    };
    for (const [name, holds] of Object.entries(promised)) {
      if (holds !== (result === name)) wrong.push({ name, holds, result, ...run });
    }
  }
  expect(wrong.slice(0, 1)).toEqual([]);
  expect(
    [...seen]
      .filter(([, times]) => times > 50)
      .map(([result]) => result)
      .sort(),
  ).toEqual(expect.arrayContaining(["attention", "deployed", "failed", "prepared", "reverted"]));
});
