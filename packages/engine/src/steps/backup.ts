import {
  type BoundBackup,
  DeployError,
  DeployErrors,
  makeProblem,
  type Problem,
  problemOf,
  type StepOf,
} from "@deploy/core";
import { backup as backUpOnHost, bindBackup, driverOf } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, ask, askSurely, failed } from "../hosts/ask.ts";
import { everyHost, note, watched } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import { factsOf, plannedOf } from "../hosts/planned.ts";
import { migrationJob } from "../jobs/follow.ts";
import type { Told } from "../ledger.ts";
import type { BackedUpTo, BackupAsked } from "../means.ts";
import type { Runner } from "./runner.ts";

type BackupStep = StepOf<"backup">;

export const runner: Runner<"backup"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => backUpOnce(context, link, step),
      (told) => told,
    ),
};

/** A backup that was made and proved, and is bound to the release; or why there is none, and nothing may be migrated. */
async function backUpOnce(context: Context, link: Link, step: BackupStep): Promise<Answer<Told>> {
  const made =
    step.backup.store === undefined ? await onHost(context, link, step) : await toStore(context, link, step);
  if (made.status !== "ok" || made.value.backup === undefined) return made;
  return bind(context, link, made.value, made.value.backup);
}

/** On the leader's own disk. */
async function onHost(context: Context, link: Link, step: BackupStep): Promise<Answer<Told>> {
  const { backup: source } = step;
  if (driverOf(source.database).local === undefined)
    return failed(link, makeProblem("backup-unconfigured", `A backup of ${source.database} needs a store`));
  const { release } = context.plan;
  const command = backUpOnHost({ fence: context.fence(), release, source, keep: source.keep });
  const answer = await ask(link, command, watched(context, link, step, ["stderr"]));
  if (answer.status !== "ok") return answer;
  const { id, path, bytes, unchecked } = answer.value;
  const but = unchecked === undefined ? "" : ` but for ${unchecked}`;
  const detail = `${path}, ${bytes} bytes, verified${but}`;
  return { status: "ok", value: context.control.dryRun ? { detail } : { detail, backup: { id, path } } };
}

/** In a store. Whatever goes wrong is this step's failure: nothing is migrated without a backup that stands. */
async function toStore(context: Context, link: Link, step: BackupStep): Promise<Answer<Told>> {
  const { control, lock } = context;
  const to = step.backup.store?.to ?? "";
  if (control.dryRun) return { status: "ok", value: { detail: `would be made in ${to}` } };
  if (link.transport === undefined && !(await link.reconnect())) {
    return failed(link, link.problem ?? makeProblem("connection-lost", "not connected"));
  }
  await lock.enter("backing-up");
  if (context.stopped()) return failed(link, lock.problem ?? cancelled());
  try {
    const { id, detail, restore } = await make(context, link, step);
    return { status: "ok", value: { detail, backup: { id, restore } } };
  } catch (error) {
    return failed(
      link,
      control.signal.aborted && !isTold(error) ? cancelled() : firstOf(context, link, error),
    );
  }
}

function make(context: Context, link: Link, step: BackupStep): Promise<BackedUpTo> {
  const { control, plan, means } = context;
  const { transport } = link;
  if (means.backups === undefined || transport === undefined) throw new Error("a backup without its means");
  return means.backups({
    backup: step.backup,
    transport,
    base: plan.deployTo,
    app: plan.app,
    environment: plan.environment,
    release: plan.release,
    live: plannedOf(plan, link.host.name).from,
    ...earlierOf(context, link.host.name),
    runUrl: control.runUrl,
    signal: control.signal,
    onNote: (text) => note(context, link, text),
  });
}

/** What releases of the leader name, and what this one does where its migration was begun before. */
function earlierOf({ facts, plan }: Context, host: string): Pick<BackupAsked, "named" | "earlier"> {
  const found = factsOf(facts, host);
  if (found?.reached !== true) return { named: [] };
  const named = found.releases.flatMap(({ backup }) => backup?.id ?? []);
  const earlier = found.releases.find(({ id }) => id === plan.release)?.backup?.id;
  const job = migrationJob(plan.release);
  const began = found.jobs?.some(({ id, state }) => id === job && state !== "new") === true;
  return { named, ...(earlier === undefined || !began ? {} : { earlier }) };
}

/**
 * From now on a rollback can name it. What the job of an earlier run changed already keeps the backup from before: the
 * new one holds the data of today, and undoes nothing.
 */
async function bind(context: Context, link: Link, made: Told, wanted: BoundBackup): Promise<Answer<Told>> {
  const { release } = context.plan;
  try {
    const command = bindBackup({
      fence: context.fence(),
      release,
      job: migrationJob(release),
      backup: wanted,
    });
    const answer = await askSurely(link, command);
    if (answer.status !== "ok") return answer;
    const kept =
      answer.value.id === wanted.id
        ? ""
        : `; bound to the release stays ${answer.value.id}, from before its migration began`;
    return { status: "ok", value: { detail: `${made.detail}${kept}`, backup: answer.value } };
  } catch (error) {
    return failed(link, problemOf(error));
  }
}

function cancelled(): Problem {
  return makeProblem("backup-cancelled", "the run was cancelled during the backup");
}

function isTold(error: unknown): boolean {
  return error instanceof DeployError || error instanceof DeployErrors;
}

/** One problem is the outcome's; where there are several, the others are told as notes. */
function firstOf(context: Context, link: Link, error: unknown): Problem {
  const [first, ...others] = error instanceof DeployErrors ? error.problems : [];
  for (const { message } of others) note(context, link, message);
  return first ?? problemOf(error);
}
