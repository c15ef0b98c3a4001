import { duration } from "../amounts.ts";
import { code, codeBlock, details, markdownTable, words } from "./markdown.ts";
import { nextInAction } from "./next.ts";
import { problemLines, warningLines } from "./problems.ts";
import { beforeWords, nowWords, reasonWords, statusWords, timingWords } from "./reportParts.ts";
import { transferTable } from "./transfers.ts";
import { truncateMarkdown } from "./truncate.ts";
import type { Report } from "./types.ts";

const titles = {
  deployed: "Deployed",
  prepared: "Prepared",
  planned: "Dry run",
  failed: "Failed, nothing switched",
  reverted: "Failed, all went back",
  held: "Held for a person",
  attention: "Needs attention",
  locked: "Locked",
  cancelled: "Cancelled",
} as const;

/** The report for a job's summary, as an action tells it, in GitHub's Markdown; at most 900 KiB. */
export function renderReportMarkdown(report: Report): string {
  const blocks = [
    [`### ${titles[report.result]}: ${words(report.app)} on ${words(report.environment)}`],
    [`**${words(report.headline)}**`],
    problemLines(report.problems),
    hostTable(report),
    warningLines(report.warnings),
    nextLines(report),
    [footer(report)],
    transferTable(report),
    outcomeDetails(report),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return truncateMarkdown(`${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`);
}

/** The report as JSON, two spaces deep; ends with a line feed. A host whose truth is unknown has no `now`. */
export function renderReportJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function hostTable(report: Report): readonly string[] {
  const waves = report.hosts.some(({ wave }) => wave !== undefined);
  const rows = report.hosts.map((host) => [
    code(host.host),
    host.before === null ? beforeWords(host) : code(host.before),
    host.now ? code(host.now) : `**${nowWords(host.now)}**`,
    words(statusWords(host)),
    ...(waves ? [words(host.wave ?? "")] : []),
    words(reasonWords(host)),
  ]);
  return markdownTable(["Host", "Before", "Now", "Result", ...(waves ? ["Wave"] : []), "Reason"], rows);
}

/** Commands in a block one can copy, sentences as sentences. */
function nextLines(report: Report): readonly string[] {
  const next = nextInAction(report);
  if (next.length === 0) return [];
  return [
    "**Next**",
    ...next.flatMap((move) => ["", ...(move.startsWith("deploy ") ? codeBlock(move, "sh") : [words(move)])]),
  ];
}

function footer(report: Report): string {
  const url = report.url === undefined ? "" : ` · ${code(report.url)}`;
  return `Release ${code(report.release) || "none"} · ${words(timingWords(report))}${url} · plan ${code(report.planDigest)}`;
}

function outcomeDetails(report: Report): readonly string[] {
  const rows = report.hosts.flatMap(({ host, outcomes }) =>
    outcomes.map(({ step, status, detail, milliseconds }) => [
      code(host),
      step,
      status,
      words(duration(milliseconds)),
      words(detail),
    ]),
  );
  if (rows.length === 0) return [];
  return details("Every step on every host", markdownTable(["Host", "Step", "Status", "Took", "What"], rows));
}
