import {
  type BoundBackup,
  DeployError,
  DeployErrors,
  type Problem,
  problemOf,
  type Step,
} from "@deploy/core";
import { type BackupOptions, backup, bindBackup } from "@deploy/remote";
import { type Answer, ask, askSurely } from "./ask.ts";
import type { Context } from "./context.ts";
import { watched } from "./fan.ts";
import type { Link } from "./fleet.ts";
import { migrationJob } from "./follow.ts";
import type { Told } from "./ledger.ts";
import { plannedOf } from "./planned.ts";
import type { BackedUpTo } from "./types.ts";

type BackupStep = Extract<Step, { step: "backup" }>;

/** A backup that was made and proved, and is bound to the release; or why there is none, and nothing may be migrated. */
export async function backUpOnce(context: Context, link: Link, step: BackupStep): Promise<Answer<Told>> {
  const made =
    step.backup.store === undefined ? await onHost(context, link, step) : await toStore(context, link, step);
  if (made.status !== "ok" || made.value.backup === undefined) return made;
  return bind(context, link, made.value, made.value.backup);
}

/** On the leader's own disk. */
async function onHost(
  context: Context,
  link: Link,
  { backup: configured }: BackupStep,
): Promise<Answer<Told>> {
  const source = sourceOf(configured);
  if (source === undefined) return unwired(link, `A backup of ${configured.database} needs a store`);
  const command = backup({
    fence: context.fence(),
    release: context.plan.release,
    source,
    keep: configured.keep,
  });
  const answer = await ask(link, command, watched(context, link, "backup", ["stderr"]));
  if (answer.status !== "ok") return answer;
  const { id, path, bytes } = answer.value;
  const detail = `${path}, ${bytes} bytes, verified`;
  return { status: "ok", value: context.options.dryRun ? { detail } : { detail, backup: { id, path } } };
}

function sourceOf(configured: BackupStep["backup"]): BackupOptions["source"] | undefined {
  if (configured.database === "sqlite") return { kind: "sqlite", path: configured.path };
  if (configured.database !== "command") return undefined;
  return { kind: "command", run: configured.run, verify: configured.verify };
}

/** In a store. Whatever goes wrong is this step's failure: nothing is migrated without a backup that stands. */
async function toStore(
  context: Context,
  link: Link,
  { backup: configured }: BackupStep,
): Promise<Answer<Told>> {
  const { options } = context;
  const to = configured.store?.to ?? "";
  if (options.dryRun) return { status: "ok", value: { detail: `would be made in ${to}` } };
  if (options.backups === undefined) return unwired(link, `Nothing here can make the backup in ${to}`);
  if (link.transport === undefined && !(await link.reconnect())) {
    return failed(link, link.problem ?? problemOf(new DeployError("connection-lost", "not connected")));
  }
  await context.lock.enter("backing-up");
  if (context.stopped()) return failed(link, context.lock.problem ?? cancelled());
  try {
    const { id, detail, restore } = await gate(context, link, configured);
    return { status: "ok", value: { detail, backup: { id, restore } } };
  } catch (error) {
    return failed(
      link,
      options.signal.aborted && !isTold(error) ? cancelled() : firstOf(context, link, error),
    );
  }
}

function gate(context: Context, link: Link, configured: BackupStep["backup"]): Promise<BackedUpTo> {
  const { options, plan } = context;
  const { backups } = options;
  const { transport } = link;
  if (backups === undefined || transport === undefined) throw new Error("a backup without its means");
  const host = link.host.name;
  return backups({
    backup: configured,
    transport,
    base: plan.deployTo,
    app: plan.app,
    environment: plan.environment,
    release: plan.release,
    live: plannedOf(plan, host).from,
    runUrl: options.runUrl,
    signal: options.signal,
    onNote: (text) => options.events({ kind: "note", host, text }),
  });
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

function unwired(link: Link, message: string): Answer<never> {
  return failed(link, problemOf(new DeployError("backup-unwired", message)));
}

function cancelled(): Problem {
  return problemOf(new DeployError("backup-cancelled", "the run was cancelled during the backup"));
}

function isTold(error: unknown): boolean {
  return error instanceof DeployError || error instanceof DeployErrors;
}

/** One problem is the outcome's; where there are several, the others are told as notes. */
function firstOf({ options }: Context, link: Link, error: unknown): Problem {
  const [first, ...others] = error instanceof DeployErrors ? error.problems : [];
  for (const { message } of others) options.events({ kind: "note", host: link.host.name, text: message });
  return first ?? problemOf(error);
}

function failed(link: Link, problem: Problem): Answer<never> {
  return { status: "failed", problem: { ...problem, place: { host: link.host.name, ...problem.place } } };
}
