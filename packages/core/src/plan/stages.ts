import type { Asked, OnHosts, StageKind } from "../steps/kind.ts";
import { kindOf, type Step, type StepName, type StepOf, stepKinds } from "../steps/kinds.ts";
import { strategies } from "../strategies/strategies.ts";
import type { Wave } from "../strategies/strategy.ts";
import type { FleetFacts } from "./fleet.ts";
import { heldOn } from "./held.ts";
import { findLate } from "./reconcile.ts";
import type { Plan, Stage } from "./types.ts";

/** What one run may be asked for: upload and prepare commands · backup and migrate · the waves and finish. */
export type Phase = "prepare" | "data" | "activate";

const phases: Readonly<Record<StageKind, Phase>> = {
  prepare: "prepare",
  data: "data",
  wave: "activate",
  finish: "activate",
};

/** Which hosts a plan is about: those that get the release, those whose data changes, those that switch. */
export type Scope = Readonly<Record<Phase, readonly string[]>>;

type Unnumbered = OnHosts & { readonly step: StepName };

/**
 * Everything a plan does, in order; a step that no host is left for, and a stage without steps, is dropped. `whole`: all hosts serve
 * the release and proved it, so that only the last stage is left.
 */
export function stagesFor(
  fleet: FleetFacts,
  { kind: plan, release }: Pick<Plan, "kind" | "release">,
  scope: Scope,
  whole = false,
): readonly Stage[] {
  const make = (stage: StageKind, hosts: readonly string[], wave?: Wave) =>
    stepsIn(stage, { fleet, plan, hosts, ...(wave === undefined ? {} : { wave }) });
  const { config } = fleet;
  const { strategy, onFailure } = config.activate;
  const late = findLate(fleet).late.map(({ host }) => host);
  const away = fleet.reached.filter(({ drained }) => drained !== undefined).map(({ host }) => host);
  const waves = strategies[strategy].waves({
    ...{ config, hosts: scope.activate, late, away },
    deploys: plan === "deploy",
    held: heldOn(fleet).some((host) => host.release === release),
  });
  const asks = waves.some(({ holds }) => holds === true);
  const stages = [
    { kind: "prepare", onFailure: "stop", steps: make("prepare", scope.prepare) },
    { kind: "data", onFailure: "stop", steps: make("data", scope.data) },
    ...waves.map((wave) => {
      const fails = plan === "deploy" && onFailure === "hold" ? "hold" : "undo";
      return {
        kind: "wave",
        name: wave.name,
        onFailure: fails,
        steps: make("wave", wave.hosts, wave),
      } as const;
    }),
    { kind: "finish", onFailure: "stop", steps: make("finish", asks ? [] : scope.activate) },
  ] as const;
  return number(stages.filter(({ kind, steps }) => steps.length > 0 && (!whole || kind === "finish")));
}

function stepsIn(stage: StageKind, asked: Asked): readonly Unnumbered[] {
  const names = (Object.keys(stepKinds) as StepName[]).filter((step) => kindOf({ step }).stage === stage);
  return names.flatMap((step) =>
    kindOf({ step })
      .plan(asked)
      .filter((data) => data.hosts.length > 0)
      .map((data) => ({ ...data, step })),
  );
}

type Draft = Omit<Stage, "steps"> & { readonly steps: readonly Unnumbered[] };

function number(stages: readonly Draft[]): readonly Stage[] {
  const all = stages.flatMap(({ steps }) => steps);
  return stages.map((stage) => ({
    ...stage,
    steps: stage.steps.map((step) => {
      const same = all.filter((other) => other.step === step.step);
      const id = same.length === 1 ? step.step : `${step.step}-${same.indexOf(step) + 1}`;
      return { ...step, id } as Step;
    }),
  }));
}

/** The stages of the named phases; of all without. */
export function stagesOf({ stages }: Pick<Plan, "stages">, asked?: readonly Phase[]): readonly Stage[] {
  return asked === undefined ? stages : stages.filter(({ kind }) => asked.includes(phases[kind]));
}

/** The steps of the named phases, in order. */
export function stepsOf(plan: Pick<Plan, "stages">, asked?: readonly Phase[]): readonly Step[] {
  return stagesOf(plan, asked).flatMap(({ steps }) => steps);
}

export function stepsNamed<Name extends StepName>(
  plan: Pick<Plan, "stages">,
  name: Name,
): readonly StepOf<Name>[] {
  return stepsOf(plan).filter((step): step is StepOf<Name> & Step => step.step === name);
}

/** The hosts on which a plan changes what they serve: all of a deploy's, the late ones of a reconcile. */
export function switchedHosts(plan: Pick<Plan, "stages">): readonly string[] {
  return [...new Set(stepsOf(plan).flatMap((step) => (kindOf(step).effect === "live" ? step.hosts : [])))];
}

/** The wave of each host that switches, `1`; empty where all of them switch together. */
export function wavesOf({ stages }: Pick<Plan, "stages">): ReadonlyMap<string, string> {
  const waves = stages.filter(({ kind }) => kind === "wave");
  const told = waves.some(({ steps }) => steps.some((step) => kindOf(step).doubts === true));
  if (waves.length < 2 && !told) return new Map();
  return new Map(
    waves.flatMap(({ name = "", steps }) =>
      steps.flatMap(({ hosts }) => hosts.map((host) => [host, name] as const)),
    ),
  );
}
