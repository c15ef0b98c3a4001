import { formatProblem, type Problem } from "../errors.ts";
import { inText } from "../style.ts";
import { cleanLine, cleanLines } from "./clean.ts";
import { beforeWords, markOf, nowWords, reasonWords, statusWords, timingWords } from "./reportParts.ts";
import { textTable } from "./table.ts";
import { transferWords } from "./transfers.ts";
import type { Report } from "./types.ts";
import { databaseWords, endWord, isWell } from "./verdict.ts";

export interface TextOptions {
  /** ANSI colours, for a terminal. */
  readonly colour?: boolean;
}

const escapeCharacter = String.fromCodePoint(0x1b);
const colours = { red: 31, green: 32, yellow: 33, none: 0 } as const;

/** What a person wants to see at night: the result, the hosts, what went wrong, what to do. Ends with a line feed. */
export function renderReportText(report: Report, options: TextOptions = {}): string {
  const paint = (colour: keyof typeof colours, text: string): string =>
    options.colour === true ? `${escapeCharacter}[${colours[colour]}m${text}${escapeCharacter}[0m` : text;
  const tone = toneOf(report);
  const blocks = [
    [paint(tone, `${endWord(report)}  ${cleanLine(report.headline)}`)],
    hostLines(report).map((line, index) => (index === 0 ? line : paint(hostTone(report, index - 1), line))),
    report.problems.flatMap((problem) => [
      paint("red", `x ${cleanLine(formatProblem(problem))}`),
      ...evidenceLines(problem),
    ]),
    isWell(report) || report.migrated === "none" ? [] : [databaseWords(report, inText)].map(cleanLine),
    report.warnings.map((warning) => paint("yellow", `! ${cleanLine(warning)}`)),
    report.next.length === 0 ? [] : ["Next", ...report.next.map((move) => `  ${cleanLine(move)}`)],
    transferLine(report),
    [`${timingWords(report)}${report.url === undefined ? "" : ` · ${cleanLine(report.url)}`}`],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** A gutter before each line: nothing a host said stands at the start of one. */
function evidenceLines({ evidence = [] }: Problem): readonly string[] {
  return evidence.flatMap(({ title, text }) => [
    `  ${cleanLine(title)}`,
    ...cleanLines(text)
      .trimEnd()
      .split("\n")
      .map((line) => `    | ${line}`),
  ]);
}

function transferLine(report: Report): readonly string[] {
  const text = transferWords(report);
  return text === "" ? [] : [`upload: ${text}`];
}

function hostLines(report: Report): readonly string[] {
  const waves = report.hosts.some(({ wave }) => wave !== undefined);
  const rows = report.hosts.map((host) => [
    host.host,
    beforeWords(host),
    nowWords(host.now),
    statusWords(host),
    ...(waves ? [host.wave ?? ""] : []),
    reasonWords(host),
  ]);
  return textTable([["host", "before", "now", "result", ...(waves ? ["wave"] : []), "reason"], ...rows]);
}

function toneOf({ exitCode, result }: Report): keyof typeof colours {
  if (exitCode === 0) return "green";
  return ["locked", "cancelled", "held"].includes(result) ? "yellow" : "red";
}

function hostTone(report: Report, index: number): keyof typeof colours {
  const host = report.hosts[index];
  if (host === undefined) return "none";
  const broken = host.outcomes.some(({ status }) => status === "failed" || status === "unknown");
  if (broken || host.now === undefined) return "red";
  return markOf(report, host) === "new" ? "green" : "none";
}
