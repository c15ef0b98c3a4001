import type { Delivery, Encoding, Method, Problem, Step } from "@deploy/core";
import type { Prepared, PrepareOptions } from "@deploy/remote";
import type { Context } from "../context.ts";
import type { Link } from "../fleet.ts";
import { stepsOf } from "../planned.ts";
import type { Meter } from "../progress.ts";
import type { ArtifactSource } from "../types.ts";
import type { Shelves } from "./shelves.ts";

/** A release on the host, and its manifest's text. */
export interface Base {
  readonly release: string;
  readonly manifest: string;
}

/** One release on its way to one host. */
export interface Job {
  readonly context: Context;
  readonly link: Link;
  readonly step: Extract<Step, { step: "upload" }>;
  readonly delivery: Delivery;
  readonly source: ArtifactSource;
  readonly encoding: Encoding;
  readonly meter: Meter;
  readonly shelves: Shelves;
}

export interface Delivered {
  readonly prepared: Prepared;
  readonly method: Method;
  /** Bytes that went to the host. */
  readonly sent: number;
  /** Bytes of files that it had already. */
  readonly saved: number;
}

/** What a plan says nothing about. */
export const usualDelivery: Delivery = {
  method: "artifact",
  unchanged: "copy",
  compression: "auto",
  atOnce: 64,
};

/** What is the same whichever way the files come. */
export function prepareOptions(
  { context, link, step, source, delivery, encoding }: Job,
  own: Pick<PrepareOptions, "from" | "source" | "limit"> & { readonly encoding?: Encoding },
): PrepareOptions {
  const { plan, options } = context;
  return {
    fence: context.fence(),
    release: plan.release,
    commit: plan.commit,
    manifest: source.artifact.manifest,
    artifact: source.artifact.digest,
    files: source.artifact.files,
    mtime: source.mtime,
    shared: plan.shared,
    bridge: step.bridge,
    unchanged: delivery.unchanged,
    encoding,
    ready: !hasCommands(context, link.host.name),
    run: options.runUrl,
    ...own,
  };
}

export function hasCommands({ plan }: Context, host: string): boolean {
  return stepsOf(plan, "prepare").some(({ hosts }) => hosts.includes(host));
}

export function note({ context, link }: Job, text: string): void {
  context.options.events({ kind: "note", host: link.host.name, text });
}

export function failed(
  { host }: Link,
  problem: Problem,
): { readonly status: "failed"; readonly problem: Problem } {
  return { status: "failed", problem: { ...problem, place: { host: host.name, ...problem.place } } };
}
