import {
  type ArtifactSource,
  type Delivery,
  type Encoding,
  fileTime,
  type Method,
  type StepOf,
  stepsNamed,
} from "@deploy/core";
import type { Received, ReceiveOptions } from "@deploy/remote";
import type { Context } from "../context.ts";
import type { Answer } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";

import type { Meter } from "./progress.ts";
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
  readonly step: StepOf<"upload">;
  readonly delivery: Delivery;
  readonly source: ArtifactSource;
  readonly encoding: Encoding;
  readonly meter: Meter;
  readonly shelves: Shelves;
}

export interface Delivered {
  readonly received: Received;
  readonly method: Method;
  /** Bytes that went to the host. */
  readonly sent: number;
  /** Bytes of files that it had already. */
  readonly saved: number;
}

/** Brings the release to one host, by one method. */
export type Deliver = (job: Job) => Promise<Answer<Delivered>>;

/** What a plan says nothing about. */
export const usualDelivery: Delivery = {
  method: "artifact",
  unchanged: "copy",
  compression: "auto",
  atOnce: 64,
};

/** What is the same whichever way the files come. */
export function receiveOptions(
  { context, link, step, source, delivery, encoding }: Job,
  own: Pick<ReceiveOptions, "from" | "source" | "limit"> & { readonly encoding?: Encoding },
): ReceiveOptions {
  const { plan, control } = context;
  return {
    fence: context.fence(),
    release: plan.release,
    commit: plan.commit,
    manifest: source.artifact.manifest,
    artifact: source.artifact.digest,
    files: source.artifact.files,
    mtime: fileTime(context.facts, plan.release),
    shared: plan.shared,
    bridge: step.bridge,
    unchanged: delivery.unchanged,
    verify: delivery.verify ?? "changed",
    encoding,
    // Where a host has commands, its release is whole only after the last of them.
    ready: !stepsNamed(plan, "prepare").some(({ hosts }) => hosts.includes(link.host.name)),
    run: control.runUrl,
    without: plan.without,
    tenant: { app: plan.app, environment: plan.environment, repository: control.owner.repository },
    ...own,
  };
}
