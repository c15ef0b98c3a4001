import {
  type ArtifactSource,
  type Facts,
  type Plan,
  type StepOf,
  stepsNamed,
  uploadMethods,
} from "@deploy/core";
import { manifestOf } from "@deploy/remote";
import { type Answer, ask, askSurely } from "../hosts/ask.ts";
import { type Fleet, linkOf } from "../hosts/fleet.ts";
import { wasSeenWhole } from "../hosts/held.ts";
import { factsOf, plannedOf } from "../hosts/planned.ts";
import type { Means } from "../means.ts";
import type { Work } from "../types.ts";
import { encodingFor } from "./encoding.ts";

/** About 100 bytes a file. */
const capture = 64 * 1024 * 1024;

type Upload = StepOf<"upload">;

/**
 * The manifests of the releases that hosts serve, each read from one host that serves it. Reading changes nothing, so it
 * begins while the lock is being taken, and the parcels are begun as soon as their base is known.
 */
export class Bases {
  readonly #fleet: Fleet;
  readonly #over = new AbortController();
  readonly #early = new Map<string, Promise<Answer<string>>>();
  readonly #texts = new Map<string, Promise<string | undefined>>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** What is begun here and fails is asked for again by the host that needs it, and told there. */
  begin({ plan, facts, phases }: Work, { artifact }: Means): void {
    if (artifact === undefined || !phases.includes("prepare")) return;
    for (const step of stepsNamed(plan, "upload")) {
      for (const host of step.hosts) {
        const known = factsOf(facts, host);
        if (wasSeenWhole(known, plan.release, artifact.artifact)) continue;
        const release = baseOf(plan, host);
        if (release !== null && !findsBase(step) && !this.#early.has(release))
          this.#early.set(release, this.#ask(plan, release));
        void this.#start(step, known, release, artifact).catch(() => undefined);
      }
    }
  }

  /** The manifest's text; undefined where no host could give it, or another tool made the release. */
  of(plan: Plan, release: string): Promise<string | undefined> {
    const found = this.#texts.get(release) ?? this.#read(plan, release);
    this.#texts.set(release, found);
    return found;
  }

  /** Nobody waits any more for what was begun. */
  close(): void {
    this.#over.abort();
  }

  async #start(
    { delivery }: Upload,
    known: Facts | undefined,
    release: string | null,
    artifact: ArtifactSource,
  ): Promise<void> {
    if (findsBase({ delivery })) {
      await artifact.roster();
      return;
    }
    const answer = release === null ? undefined : await this.#early.get(release);
    if (this.#over.signal.aborted || answer?.status === "unknown") return;
    const encoding = encodingFor(known, delivery?.compression ?? "auto");
    await artifact.parcel(answer?.status === "ok" ? answer.value : null, encoding);
  }

  async #read(plan: Plan, release: string): Promise<string | undefined> {
    const early = await this.#early.get(release);
    const answer =
      early === undefined || early.status === "unknown" ? await this.#askSurely(plan, release) : early;
    return answer.status === "ok" ? answer.value : undefined;
  }

  /** No new connection: the host that takes the lock may be the same. */
  async #ask(plan: Plan, release: string): Promise<Answer<string>> {
    const { signal } = this.#over;
    return ask(this.#holder(plan, release), manifestOf({ base: plan.deployTo, release }), () => ({
      capture,
      signal,
    }));
  }

  async #askSurely(plan: Plan, release: string): Promise<Answer<string>> {
    return askSurely(this.#holder(plan, release), manifestOf({ base: plan.deployTo, release }), () => ({
      capture,
    }));
  }

  #holder(plan: Plan, release: string) {
    const named = stepsNamed(plan, "upload").flatMap(({ hosts }) => hosts);
    const holder = named.find((host) => plannedOf(plan, host).from === release);
    if (holder === undefined) throw new Error(`no host serves ${release}`);
    return linkOf(this.#fleet, holder);
  }
}

/** Such a method needs no manifest of what is there. */
function findsBase({ delivery }: { readonly delivery?: Upload["delivery"] | undefined }): boolean {
  return delivery !== undefined && uploadMethods[delivery.method].own === true;
}

/** The release whose files a host can reuse: what it serves. */
export function baseOf(plan: Plan, host: string): string | null {
  const { from, to } = plannedOf(plan, host);
  return from === to ? null : from;
}
