import {
  type ActionContext,
  type ActionResult,
  readSession,
  reportResult,
  runAction,
  saveSession,
  sessionSettings,
} from "@deploy/action-kit";
import type { Outcome, Report } from "@deploy/core";
import { openSession, readPackedConfig, resumePlan, type Session } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";
import { Tail } from "./tail.ts";

await runAction({ inputs, read: readInputs, main: migrate });

/** Backs up and migrates, once, on the leader. The lock stays ours for the switch that follows. */
async function migrate(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const begun = await readSession(context, inputs.session);
  const options = sessionSettings(inputs, context, "migrate");
  const tail = new Tail(32 * 1024);
  const session = await openSession({
    ...options,
    migration: inputs.migration,
    configText: await readPackedConfig(begun?.artifactDirectory),
    events(event) {
      if (event.kind === "output" && event.step === "migrate") tail.add(event.text);
      options.events(event);
    },
  });
  try {
    const plan = resumePlan(session, begun?.plan, inputs.release, new Date());
    // A lock that an upload step keeps is given back by its post; alone, this step gives it back itself.
    const keepLock = begun?.lockHeld === true;
    const report = await session.run({ plan, phases: ["data"], keepLock });
    await saveSession(context, inputs.session, { result: report.result });
    return reportResult(report, await migrated(session, report, tail.text()));
  } finally {
    await session.close();
  }
}

async function migrated(
  session: Session,
  report: Report,
  log: string,
): Promise<Readonly<Record<string, string>>> {
  const outcome: Outcome | undefined = report.hosts
    .flatMap(({ outcomes }) => outcomes)
    .find(({ step }) => step === "migrate");
  const ran = !report.dryRun && outcome !== undefined && outcome.status !== "skipped";
  return { ran: String(ran), "exit-code": ran ? await exitCode(session, report, outcome) : "", log };
}

/** 0 is what the run proved; any other is read from the job, and "" where it has none (yet). */
async function exitCode(session: Session, { release }: Report, { status }: Outcome): Promise<string> {
  if (status === "ok") return "0";
  const hosts = await session.repair.listJobs();
  const jobs = hosts.flatMap((host) =>
    host.reached && host.host === session.config.leader ? host.jobs : [],
  );
  return String(jobs.find((job) => job.step === "migrate" && job.release === release)?.code ?? "");
}
