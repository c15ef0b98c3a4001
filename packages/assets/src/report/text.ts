import { cleanLine, dataSize, formatProblem, textTable } from "@deploy/core";
import { assetsProblems } from "./problems.ts";
import { largestFiles, sizeRows } from "./sizes.ts";
import type { AssetsReport } from "./types.ts";
import { removalRows, sentences, sizeCells, sizeHead, title, toolWords } from "./words.ts";

const plain = (value: string): string => value;

/** The report for a terminal or a log; ends with a line feed. */
export function renderAssetsText(report: AssetsReport): string {
  const blocks = [
    [title(report)],
    assetsProblems(report).map((problem) => `x ${cleanLine(formatProblem(problem))}`),
    (report.warnings ?? []).map((warning) => `! ${cleanLine(warning)}`),
    sizeLines(report),
    sentences(report, plain).map(cleanLine),
    largestLines(report),
    removalLines(report),
    (report.built?.tools ?? []).map((tool) => cleanLine(toolWords(tool))),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function sizeLines(report: AssetsReport): readonly string[] {
  const last = report.publish?.before ?? report.before;
  const rows = sizeRows(report.index, last).map((row) => sizeCells(row, last !== undefined));
  return rows.length === 0 ? [] : rightTable([sizeHead(last !== undefined), ...rows]);
}

function largestLines({ index }: AssetsReport): readonly string[] {
  const files = largestFiles(index);
  if (files.length === 0) return [];
  return [
    "Largest",
    ...rightTable(
      files.map(({ path, size }) => [path, dataSize(size)]),
      "  ",
    ),
  ];
}

function removalLines({ prune }: AssetsReport): readonly string[] {
  const rows = removalRows(prune?.plan.remove ?? []);
  if (rows.length === 0) return [];
  return [
    "Pruned",
    ...textTable(
      rows.map(([files, size, why]) => [String(files), dataSize(size), why]),
      "  ",
    ),
  ];
}

/** Every cell but the first ends at its column's right side: numbers. */
function rightTable(rows: readonly (readonly string[])[], indent = ""): readonly string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const padded = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell : cell.padStart(width(column)))),
  );
  return textTable(padded, indent);
}
