import type { FleetFacts } from "../plan/fleet.ts";
import type { Plan } from "../plan/types.ts";
import type { Wave } from "../strategies/strategy.ts";
import type { Style } from "../style.ts";
import type { Credential } from "./credentials.ts";
import type { MeansName } from "./means.ts";

/** Where in a plan a step stands: the waves switch the hosts, one after the other. */
export type StageKind = "prepare" | "data" | "wave" | "finish";

/**
 * What a step changes that others notice: nothing, the data or the servers themselves for good, or what can be taken back: what a host
 * serves (`live`), and whether it is asked at all (`pool`).
 */
export type Effect = "nothing" | "data" | "servers" | "live" | "pool";

export interface OnHosts {
  readonly hosts: readonly string[];
}

/** What a plan is made of, as far as its steps are concerned. */
export interface Asked {
  readonly fleet: FleetFacts;
  readonly plan: Plan["kind"];
  /** The hosts that go through this step's stage; no step names another. */
  readonly hosts: readonly string[];
  /** Where that is a wave. */
  readonly wave?: Wave;
}

/** What the words of a step may depend on, beside itself. */
export type Around = Pick<Plan, "kind" | "artifact" | "stages" | "reuses">;

/**
 * All that planning, showing and judging need to know of one kind of step; the engine's file of the same name runs it.
 * `Data` is what a step of this kind carries beside its hosts: plain JSON without secrets, shown, compared and digested.
 */
export interface StepKind<Data extends object = object, E extends Effect = Effect> {
  readonly stage: StageKind;
  readonly effect: E;
  /** Cut off, it may go on or have happened: the lock stays with its owner until somebody knows. */
  readonly lasts: boolean;
  /** Adjacent steps of this kind are one thing done in several ways, and are carried out at once. */
  readonly together?: true;
  /** Whether it worked is for a later proof to say: on the way back its failure alone is none. */
  readonly proved?: true;
  /** Its ok is the proof that a host serves the release. */
  readonly proves?: true;
  /** Its `unknown` is a question for a person: nothing is taken back for it, and nothing goes on. */
  readonly doubts?: true;
  /** Once it began, no way leads to releases before this one. */
  readonly closes?: true;
  /** Its hosts keep the release until a person decides: the run came to no more. */
  readonly keeps?: true;
  /** It ends what an earlier step of its wave began: alone of all it is undone where a host was not reached by what lies between. */
  readonly ends?: true;
  /** What later steps change for good can be brought back from what it makes. */
  readonly saves?: true;
  /** It needs a shell on its hosts; where there is none, what to do instead. */
  readonly shell?: string;
  /** What people call it, where another word than its name: `migration`. */
  readonly noun?: string;
  /** The steps that a plan has of this kind, in order; those without hosts are dropped. */
  plan(asked: Asked): readonly (Data & OnHosts)[];
  /** What it does, as the end of `<step> on <hosts>: `. */
  words(step: Data & OnHosts, around: Around): string;
  /** The same where its commands stand before it, and what is as usual need not be read; "" with no commands: the step need not be shown. Absent: the same words. */
  brief?(step: Data & OnHosts, style: Style, around: Around): string;
  /** What whoever approves must know of it: where it is less safe than it could be. Absent: nothing. */
  cautions?(step: Data & OnHosts, style: Style): readonly string[];
  /** Whether its proof is of this very release; absent: no. */
  named?(step: Data & OnHosts): boolean;
  /** What it runs or asks, exactly as it will. */
  commands?(step: Data & OnHosts): readonly string[];
  /** Milliseconds that it waits for a balancer, however soon hosts are ready. */
  delay?(step: Data & OnHosts): number;
  /** Its part of a deploy's headline; absent: too small for it. */
  headline?(steps: readonly (Data & OnHosts)[]): string;
  /** Absent: none. */
  needs?(step: Data & OnHosts): readonly MeansName[];
  /** Absent: none but what logs in. */
  credentials?(step: Data & OnHosts): readonly Credential[];
}
