import type { Plan } from "@deploy/core";
import { makeProblem, renderPlanText, renderReportText } from "@deploy/core";
import { gatherNews, type RunRequest, type Session } from "@deploy/session";
import { confirm } from "../confirm.ts";
import { Cancelled, Misuse } from "../failure.ts";
import { whoRuns } from "../fleet.ts";
import type { Io } from "../io.ts";
import { type ChangeOptions, type FleetOptions, repeatFlags } from "../options.ts";
import type { Context } from "./context.ts";

/** Nobody there to ask is found out before anything is read. Throws Misuse. */
export function needsAnswer(command: string, options: ChangeOptions, io: Io): void {
  if (options.yes || options.dryRun || io.stdin.isTTY === true) return;
  const message = `deploy ${command} needs a yes, and standard input is no terminal`;
  throw new Misuse([makeProblem("confirmation-missing", message)]);
}

export interface Work extends RunRequest {
  readonly session: Session;
}

/** Shows the plan, asks, runs it, shows the report. */
export async function carryOut(
  work: Work,
  options: ChangeOptions & FleetOptions,
  context: Context,
): Promise<number> {
  const { session, ...request } = work;
  const { io, screen } = context;
  const { plan, artifact } = request;
  const { unpack } = artifact ?? {};
  const told = {
    ...{ plan, now: context.now, manifest: artifact?.manifest, root: io.cwd, env: io.env },
    ...(unpack === undefined ? {} : { artifact: { unpack } }),
  };
  screen.say(`${renderPlanText(plan, await gatherNews(session, told)).trimEnd()}\n`);
  await agree(request.plan, options, context);
  if (io.signal?.aborted === true) throw new Cancelled();
  const { recordRun } = await import("../ui/record.ts");
  const record = recordRun(plan, options.dryRun ? undefined : io.env, whoRuns());
  const watch = { onEvent: record.event, onReplan: record.plan };
  const ran = await session.run({ ...request, ...watch, asShown: !options.yes });
  record.end(ran);
  const report = { ...ran, next: ran.next.map((move) => repeatFlags(move, options)) };
  screen.say(`\n${renderReportText(report)}`);
  screen.answer(report);
  return report.exitCode;
}

const questions: Readonly<Record<Plan["kind"], string>> = {
  deploy: "Deploy this?",
  rollback: "Roll back?",
  reconcile: "Bring these servers along?",
};

/** Asks only where something would be done. */
async function agree(plan: Plan, options: ChangeOptions, { io }: Context): Promise<void> {
  if (options.yes || options.dryRun || !plan.changed || plan.problems.length > 0) return;
  if (!(await confirm(io, questions[plan.kind]))) throw new Cancelled();
}
