import { dataSize, markdown, problemLines, truncateMarkdown, warningLines } from "@deploy/core";
import type { AssetFile } from "../types.ts";
import { assetsProblems } from "./problems.ts";
import { largestFiles, sizeRows } from "./sizes.ts";
import type { AssetsReport } from "./types.ts";
import { removalRows, sentences, sizeCells, sizeHead, title, toolWords } from "./words.ts";

const { code, details, markdownTable, words } = markdown;

/** The report for a job's summary, in GitHub's Markdown; at most 900 KiB. */
export function renderAssetsMarkdown(report: AssetsReport): string {
  const blocks = [
    [`### ${title(report)}`],
    problemLines(assetsProblems(report)),
    warningLines(report.warnings ?? []),
    sizeTable(report),
    [sentences(report, code).join(" ")],
    largestTable(report),
    removalTable(report),
    toolList(report),
  ];
  const filled = blocks.filter((lines) => lines.some((line) => line !== ""));
  return truncateMarkdown(`${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`);
}

function sizeTable(report: AssetsReport): readonly string[] {
  const last = report.publish?.before ?? report.before;
  const rows = sizeRows(report.index, last).map((row) => {
    const cells = sizeCells(row, last !== undefined);
    return row.label === "Total" ? cells.map((cell) => `**${cell}**`) : cells;
  });
  return rows.length === 0 ? [] : rightTable(sizeHead(last !== undefined), rows);
}

function largestTable({ index }: AssetsReport): readonly string[] {
  const files = largestFiles(index);
  if (files.length === 0) return [];
  const size = (number: number | undefined) => (number === undefined ? "–" : dataSize(number));
  const cells = ({ path, size: after, gzip, brotli }: AssetFile) => [
    code(path),
    dataSize(after),
    size(gzip),
    size(brotli),
  ];
  const heading = files.length === 1 ? "The largest file" : `The ${files.length} largest files`;
  return details(heading, rightTable(["File", "After", "gzip", "brotli"], files.map(cells)));
}

function removalTable({ prune, dryRun }: AssetsReport): readonly string[] {
  const rows = removalRows(prune?.plan.remove ?? []);
  if (rows.length === 0) return [];
  const cells = rows.map(([files, size, why]) => [words(why), String(files), dataSize(size)]);
  return details(
    dryRun ? "What would be pruned, and why" : "What was pruned, and why",
    rightTable(["Because", "Files", "Size"], cells),
  );
}

function toolList({ built }: AssetsReport): readonly string[] {
  const tools = built?.tools ?? [];
  if (tools.length === 0) return [];
  return details(
    "Tools",
    tools.map((tool) => `- ${words(toolWords(tool))}`),
  );
}

/** All columns but the first are numbers, and stand at the right. */
function rightTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const [first = "", , ...others] = markdownTable(head, rows);
  return [
    first,
    `| --- | ${head
      .slice(1)
      .map(() => "---:")
      .join(" | ")} |`,
    ...others,
  ];
}
