import { after } from "./after.ts";
import { backup } from "./backup.ts";
import { configure } from "./configure.ts";
import { drain } from "./drain.ts";
import { finish } from "./finish.ts";
import { health } from "./health.ts";
import { hold } from "./hold.ts";
import type { Effect, OnHosts, StepKind } from "./kind.ts";
import { migrate } from "./migrate.ts";
import { playbook } from "./playbook.ts";
import { prepare } from "./prepare.ts";
import { purge } from "./purge.ts";
import { quiet } from "./quiet.ts";
import { reload } from "./reload.ts";
import { comeBack } from "./return.ts";
import { soak } from "./soak.ts";
import { switchOver } from "./switch.ts";
import { test } from "./test.ts";
import { upload } from "./upload.ts";

/** Every kind of step, in the order in which a plan has them. The engine's runners are a mapped type over these. */
export const stepKinds = {
  upload,
  prepare,
  test,
  playbook,
  backup,
  migrate,
  drain,
  quiet,
  switch: switchOver,
  configure,
  reload,
  health,
  return: comeBack,
  soak,
  hold,
  finish,
  purge,
  after,
} as const;

type Kinds = typeof stepKinds;

export type StepName = keyof Kinds;

type DataOf<Kind> = Kind extends StepKind<infer Data, Effect> ? Data : never;

export type StepOf<Name extends StepName> = OnHosts &
  DataOf<Kinds[Name]> & {
    /** Unique in its plan: the name, numbered where there are several. Outcomes name it. */
    readonly id: string;
    readonly step: Name;
  };

export type Step = { [Name in StepName]: StepOf<Name> }[StepName];

/** Of all kinds whose steps change what can be taken back. */
export type UndoneStepName = {
  [Name in StepName]: Kinds[Name] extends StepKind<never, infer E>
    ? E extends "live" | "pool"
      ? Name
      : never
    : never;
}[StepName];

/** Undefined for what no plan has: `connect`, `lock`, `revert`. */
export function findKind(name: string): StepKind<Step> | undefined {
  return Object.hasOwn(stepKinds, name) ? kindOf({ step: name as StepName }) : undefined;
}

/** A step goes with its own kind: what one is given the other takes. */
export function kindOf({ step }: { readonly step: StepName }): StepKind<Step> {
  return stepKinds[step] as unknown as StepKind<Step>;
}
