import {
  type ActionContext,
  type ActionResult,
  gateSettings,
  listening,
  readHandOver,
  reportResult,
  runAction,
  saveHandOver,
  sessionSettings,
} from "@deploy/action-kit";
import type { Outcome, Report } from "@deploy/core";
import { backupMaker, openSession, progressLines, resumePlan } from "@deploy/session";
import { type Inputs, inputs, readInputs } from "./inputs.ts";
import { Tail } from "./tail.ts";

await runAction({ inputs, read: readInputs, main: migrate });

/** Backs up and migrates, once, on the leader. The lock stays ours for the switch that follows. */
async function migrate(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const begun = await readHandOver(context, inputs.handOver);
  const { settings: options, said } = listening(
    sessionSettings(inputs, context, "migrate", begun?.configText),
  );
  const tail = new Tail(32 * 1024);
  const session = await openSession({
    ...options,
    migration: inputs.migration,
    backups: backupMaker({
      ...gateSettings(inputs, context, options),
      onProgress: progressLines((line) => context.log.text(line), 10_000),
    }),
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
    await saveHandOver(context, inputs.handOver, { result: report.result });
    return reportResult(report, migrated(report, tail.text()), said());
  } finally {
    await session.close();
  }
}

function migrated(report: Report, log: string): Readonly<Record<string, string>> {
  const outcome: Outcome | undefined = report.hosts
    .flatMap(({ outcomes }) => outcomes)
    .find(({ step }) => step === "migrate");
  const ran = !report.dryRun && outcome !== undefined && outcome.status !== "skipped";
  return { ran: String(ran), "exit-code": ran ? exitCode(outcome) : "", log };
}

/** 0 is what the run proved; "" where no code was read (yet). */
function exitCode({ status, exitCode: code }: Outcome): string {
  return String(code ?? (status === "ok" ? 0 : ""));
}
