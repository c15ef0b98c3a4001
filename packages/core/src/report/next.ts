import type { Result } from "../outcomes.ts";
import { quote } from "../plan/words.ts";
import type { Report } from "./types.ts";

/** What a person does next: sentences, and whole commands, which begin with `deploy `. */
export function nextMoves(report: Omit<Report, "headline" | "next">): readonly string[] {
  const command = (verb: string): string => `deploy ${verb} --environment ${quote(report.environment)}`;
  const moves: Readonly<Record<Result, readonly string[]>> = {
    deployed:
      report.changed && report.kind === "deploy" && report.previous !== null
        ? [`To go back to ${report.previous}:`, command("rollback")]
        : [],
    prepared: ["Go on with the next step of this run."],
    planned: [],
    failed: [...mendFirst(report), "Then run it again: it goes on with what is there."],
    reverted: [
      "Look at the problems above and at the application's log on the hosts, then deploy a mended commit.",
      command("status"),
    ],
    attention:
      report.kind === "reconcile"
        ? afterReconcile(report, command)
        : [
            "Do not start another change before you know what each host serves; the lock is kept where this run held it.",
            command("status"),
            "When every host can be reached, run this deploy again: it brings all hosts to one release. Or go back:",
            command("rollback"),
          ],
    locked: ["Wait until the other run is over, then run this again. Who holds the lock:", command("status")],
    cancelled: ["Run it again when you like: it goes on with what is there."],
  };
  return moves[report.result];
}

/** Where nothing but an absent host is missing, nobody has to wait for anything else. */
function afterReconcile(
  { problems }: Pick<Report, "problems">,
  command: (verb: string) => string,
): readonly string[] {
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
