import { duration } from "../amounts.ts";
import { findKind } from "../steps/kinds.ts";
import { inText } from "../style.ts";
import { alert, code, codeBlock, details, inMarkdown, markdownTable, sentence, words } from "./markdown.ts";
import { nextInAction } from "./next.ts";
import { evidenceLines, problemItems } from "./problems.ts";
import { beforeWords, endWords, nowWords, timingWords } from "./reportParts.ts";
import { migrationOutput, saidLines } from "./said.ts";
import { transferTable, transferWords } from "./transfers.ts";
import { truncateMarkdown } from "./truncate.ts";
import type { Report, Said } from "./types.ts";
import { databaseWords, isWell, reportNames, standingWords, verdictTitle } from "./verdict.ts";

/**
 * The report for a job's summary, as an action tells it, in GitHub's Markdown; at most 900 KiB. The verdict comes first, and a step
 * that is only on the way to one is a closed part. `said`: the end of what steps printed, where it was kept.
 */
export function renderReportMarkdown(report: Report, said: readonly Said[] = []): string {
  const blocks = [
    verdictLines(report),
    report.problems.flatMap(evidenceLines).slice(1),
    saidLines(report, said),
    hostTable(report),
    [isWell(report) ? "" : databaseWords(report, inMarkdown)],
    alert("WARNING", report.warnings.map(sentence)),
    nextLines(report),
    migrationOutput(report, said),
    stepDetails(report),
    [footer(report)],
  ];
  const filled = blocks.filter((lines) => lines.join("") !== "").map((lines) => lines.join("\n"));
  const page =
    report.result === "prepared"
      ? details(foldedTitle(report), [filled.join("\n\n")]).join("\n")
      : [`### ${verdictTitle(report, inMarkdown)}`, ...filled].join("\n\n");
  return truncateMarkdown(`${page}\n`);
}

/** The report as JSON, two spaces deep; ends with a line feed. A host whose truth is unknown has no `now`. */
export function renderReportJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function foldedTitle(report: Report): string {
  const steps = report.hosts.flatMap(({ outcomes }) => outcomes.map(({ step }) => step));
  const planned = [...new Set(steps)].filter((step) => findKind(step) !== undefined);
  return [verdictTitle(report, inText), planned.join(", "), duration(report.timings.total)].join(" · ");
}

/** What went wrong, and who serves what for all that. */
function verdictLines(report: Report): readonly string[] {
  const { result, problems, headline } = report;
  if (isWell(report)) return alert("CAUTION", problemItems(problems));
  const calm = result === "held" || result === "locked" || result === "cancelled";
  const items = problems.length === 0 ? [words(headline)] : problemItems(problems);
  return alert(calm ? "WARNING" : "CAUTION", items, [standingWords(report, inMarkdown)]);
}

function hostTable(report: Report): readonly string[] {
  const named = reportNames(report);
  const waves = report.hosts.some(({ wave }) => wave !== undefined);
  const tried = !isWell(report) && report.timings.window !== undefined;
  const rows = report.hosts.map((host) => [
    `**${words(host.host)}**`,
    host.before === null ? beforeWords(host) : code(named(host.before)),
    ...(tried ? [code(named(report.release))] : []),
    host.now ? code(named(host.now)) : `**${nowWords(host.now)}**`,
    ...(waves ? [words(host.wave ?? "")] : []),
    words(endWords(host)),
  ]);
  const columns = [
    "host",
    "before",
    ...(tried ? ["tried"] : []),
    "now",
    ...(waves ? ["wave"] : []),
    "result",
  ];
  return markdownTable(columns, rows);
}

/** Commands in a block one can copy, sentences as sentences. */
function nextLines(report: Report): readonly string[] {
  const moves = nextInAction(report);
  if (moves.length === 0) return [];
  const lines = moves.flatMap((move) =>
    move.startsWith("deploy ") ? ["", ...codeBlock(move, "sh"), ""] : [sentence(move)],
  );
  return [`**Next**: ${lines.join("\n")}`.trim()];
}

function footer(report: Report): string {
  const url = report.url === undefined ? "" : ` · ${code(report.url)}`;
  const release = `release ${code(report.release) || "none"}`;
  return `<sub>${release} · ${words(timingWords(report))}${url} · plan ${code(report.planDigest.slice(0, 8))}</sub>`;
}

/** What took how long, for whoever wants to know. */
function stepDetails(report: Report): readonly string[] {
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
  const uploads = transferTable(report);
  const backup = report.backup === undefined ? "" : ` · backup ${report.backup.backup.id}`;
  const sent = uploads.length === 0 ? "" : ` · upload: ${transferWords(report)}`;
  return details(`Every step on every host${sent}${backup}`, [
    ...markdownTable(["host", "step", "status", "took", "what"], rows),
    ...(uploads.length === 0 ? [] : ["", ...uploads]),
  ]);
}
