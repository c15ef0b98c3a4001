import type { Identity } from "@deploy/aws";
import {
  type Config,
  DeployError,
  duration,
  type Plan,
  problemOf,
  type Report,
  toldInAction,
} from "@deploy/core";
import type { RunRecord } from "@deploy/core/records";
import type { EngineEvent } from "@deploy/engine";
import { openConfigured } from "../store.ts";
import type { RunRequest, SessionOptions } from "../types.ts";
import { keepRecord } from "./keep.ts";

/** Milliseconds that a run waits for the store of its records: it is over, and others wait for its end. */
const patience = 30_000;

/** What a run was, and as whom its record is kept. */
export interface Ended {
  readonly config: Config;
  readonly plan: Plan;
  readonly request: Pick<RunRequest, "phases" | "artifact">;
  readonly report: Report;
  readonly now: Date;
}

type Whose = Pick<SessionOptions, "owner" | "runUrl" | "root" | "folders" | "approvals"> & {
  readonly identity: Identity;
  readonly events: (event: EngineEvent) => void;
};

/** Keeps the record of a run. Never throws, and changes nothing of its result: what could not be kept is a warning. */
export async function recorded(ended: Ended, whose: Whose): Promise<Report> {
  const { config, report } = ended;
  const place = config.records?.store.to ?? "";
  try {
    const mark = await inTime(keep(ended, whose));
    const text = `Record ${mark.sequence} of ${config.environment} is kept in ${place}: ${mark.sha256}`;
    whose.events({ kind: "note", text });
    return report;
  } catch (error) {
    const problem = problemOf(error);
    // At a desk a run has no number.
    const { code, message, hint } = whose.owner.run === "" ? problem : toldInAction(problem);
    const warning = `The record of this run was not kept in ${place}: ${message}. ${hint ?? ""} (${code})`;
    return { ...report, warnings: [...report.warnings, warning] };
  }
}

async function keep({ config, plan, request, report, now }: Ended, whose: Whose) {
  const { records } = config;
  if (records === undefined) throw new DeployError("records-unconfigured", "The config has no `records`");
  const { owner, runUrl, identity, root, folders, approvals } = whose;
  const { store } = openConfigured(records.store, identity, { root, folders });
  const committed = request.artifact?.mtime;
  const record: RunRecord = {
    schema: 1,
    app: config.app,
    environment: config.environment,
    time: now.toISOString(),
    run: owner.id,
    attempt: owner.attempt,
    runUrl,
    actor: owner.actor,
    commit: plan.commit,
    ...(committed === undefined ? {} : { committed }),
    phases: request.phases,
    report,
  };
  try {
    const { keep, keepFor } = records;
    return await keepRecord(store, record, { keep, keepFor, approvals, artifact: plan.artifact?.digest });
  } finally {
    store.close();
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    const message = `The store did not answer within ${duration(patience)}`;
    timer = setTimeout(() => fail(new DeployError("store-failed", message)), patience);
  });
  // Who loses the race has nobody to tell.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
