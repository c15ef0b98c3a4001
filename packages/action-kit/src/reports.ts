import { type Report, renderReportMarkdown, type Said } from "@deploy/core";
import type { ActionResult } from "./types.ts";

/** A report as an action's result: summary, outputs and exit code all from the one report. `said`: the end of what steps printed. */
export function reportResult(
  report: Report,
  outputs: Readonly<Record<string, string>> = {},
  said: readonly Said[] = [],
): ActionResult {
  const { result, headline, problems, warnings } = report;
  return {
    result,
    headline,
    problems,
    warnings,
    summary: renderReportMarkdown(report, said),
    outputs: {
      release: report.release,
      "previous-release": report.previous ?? "",
      "hosts-ok": hosts(report, true),
      "hosts-failed": hosts(report, false),
      ...outputs,
    },
  };
}

/** JSON array of the hosts where every step went well, or of the others. */
function hosts(report: Report, well: boolean): string {
  const isWell = ({ outcomes }: Report["hosts"][number]) =>
    outcomes.every(({ status }) => status === "ok") && (outcomes.length > 0 || report.exitCode === 0);
  return JSON.stringify(report.hosts.filter((entry) => isWell(entry) === well).map(({ host }) => host));
}
