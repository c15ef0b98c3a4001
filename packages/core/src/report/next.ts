import { toldInAction } from "../errors.ts";
import type { Result } from "../outcomes.ts";
import { quote } from "../plan/words.ts";
import { findKind } from "../steps/kinds.ts";
import { effectOf } from "./result.ts";
import type { Report } from "./types.ts";

type Draft = Omit<Report, "headline" | "next">;
type Command = (verb: "run" | "status" | "rollback" | "reconcile") => string;

/** What a person does next at a desk: sentences, and whole commands, which begin with `deploy `. */
export function nextMoves(report: Draft): readonly string[] {
  return movesOf(report, (verb) => `deploy ${verb} --environment ${quote(report.environment)}`);
}

/** The same where an action tells it; no action only shows, so that is done at a desk. */
export function nextInAction(report: Draft): readonly string[] {
  const { environment, problems } = report;
  const moves = {
    run: `Run the deploy workflow again for the same commit, with a plan of its own, for ${environment}.`,
    status: `deploy status --environment ${quote(environment)}`,
    rollback: `Run the rollback workflow (or the action rollback) for ${environment}.`,
    reconcile: `Run the action reconcile for ${environment}.`,
  };
  return movesOf({ ...report, problems: problems.map(toldInAction) }, (verb) => moves[verb]);
}

function movesOf(report: Draft, command: Command): readonly string[] {
  const data = dataBack(report);
  const moves: Readonly<Record<Result, readonly string[]>> = {
    deployed: afterDeploy(report, command, data),
    prepared: ["Go on with the next step of this run."],
    planned: [],
    failed: [...mendFirst(report), "Then run it again: it goes on with what is there.", ...data],
    reverted: [
      "Look at the problems above and at the application's log on the hosts, then deploy a mended commit.",
      command("status"),
      ...data,
    ],
    held: [
      "Look at the hosts that serve it. To go on, to all hosts, from the same commit:",
      command("run"),
      "To go back:",
      command("rollback"),
      ...data,
    ],
    attention:
      report.kind === "reconcile"
        ? afterReconcile(report, command)
        : [
            "Do not start another change before you know what each host serves; the lock is kept where this run held it.",
            command("status"),
            ...(isClosed(report)
              ? [
                  "Then run this deploy again: it goes on with what is there. No rollback leads below this release any more.",
                ]
              : [
                  "When every host can be reached, run this deploy again: it brings all hosts to one release. Or go back:",
                  command("rollback"),
                ]),
            ...data,
          ],
    locked: ["Wait until the other run is over, then run this again. Who holds the lock:", command("status")],
    cancelled: ["Run it again when you like: it goes on with what is there."],
  };
  return moves[report.result];
}

function afterDeploy(report: Draft, command: Command, data: readonly string[]): readonly string[] {
  const { changed, kind, previous } = report;
  if (kind === "rollback") return data;
  if (isClosed(report)) return [];
  return changed && kind === "deploy" && previous !== null
    ? [`To go back to ${previous}:`, command("rollback")]
    : [];
}

/** Something began after which no way leads back. */
function isClosed({ hosts }: Draft): boolean {
  const outcomes = hosts.flatMap((host) => host.outcomes);
  return outcomes.some(({ step, status }) => findKind(step)?.closes === true && status !== "skipped");
}

/** Where nothing but an absent host is missing, nobody has to wait for anything else. */
function afterReconcile({ problems }: Pick<Report, "problems">, command: Command): readonly string[] {
  const calm = problems.every(({ code }) => code === "live-unknown");
  return [
    ...(calm
      ? []
      : ["Do not start another change before you know what each host serves.", command("status")]),
    "When every host can be reached, reconcile again:",
    command("reconcile"),
  ];
}

function mendFirst({ problems }: Pick<Report, "problems">): readonly string[] {
  const [first, ...others] = problems;
  if (first === undefined) return ["Read the log of the run for the step that did not end."];
  return [others.length === 0 ? first.hint : "Follow the hint of each problem."];
}

/** Where the data may be other than before: the backup from before, and the exact line that brings it back. */
function dataBack(report: Draft): readonly string[] {
  const { backup: found, kind, changed } = report;
  if (found === undefined || report.dryRun) return [];
  if (kind === "rollback" ? !changed : !mayBeMigrated(report)) return [];
  const { release, backup } = found;
  const where = "restore" in backup ? "" : `, and lies on the leader: ${backup.path}`;
  const made = `Backup ${backup.id} was made before ${release}${where}.`;
  const stays = kind === "rollback" ? "The database stays as it is now." : "The database is not taken back.";
  if (!("restore" in backup)) return [`${stays} ${made}`];
  return [`${stays} ${made} To bring that data back, without what was written since:`, backup.restore];
}

/** A migration that still runs is nothing to restore over; a run of the last phase alone follows one that ran. */
function mayBeMigrated({ result, hosts, migrated }: Draft): boolean {
  if (migrated === "none") return false;
  const outcomes = hosts.flatMap((host) => host.outcomes);
  const changed = outcomes.filter((outcome) => effectOf(outcome) === "data" && outcome.status !== "skipped");
  if (changed.length > 0) return changed.every(({ status }) => status !== "unknown");
  const begun = outcomes.some(({ step }) => findKind(step)?.stage === "data");
  return !begun && (result === "reverted" || result === "attention");
}
