import { count, dataSize, few } from "@deploy/core";
import type { Verdict } from "../prune/types.ts";
import type { ToolUse } from "../types.ts";
import { type SizeRow, sizeRows } from "./sizes.ts";
import type { AssetsReport } from "./types.ts";

/** `Assets published`, in a word or three. */
export function title({ dryRun, publish }: AssetsReport): string {
  if (dryRun) return "Assets, a dry run";
  if (publish === undefined) return "Assets built";
  return publish.purge === "failed" ? "Assets uploaded, not purged" : "Assets published";
}

/** All in one line: `Assets published: 3 files uploaded, 25 kB`. */
export function assetsHeadline(report: AssetsReport): string {
  const { index, publish, dryRun } = report;
  const all = sizeRows(index).at(-1);
  if (publish === undefined)
    return `${title(report)}: ${count(all?.files ?? 0, "file")}, ${dataSize(all?.after ?? 0)}`;
  const { uploaded, bytesUploaded } = publish;
  const sent = dryRun ? "to upload" : "uploaded";
  const what =
    uploaded === 0 ? `nothing ${sent}` : `${count(uploaded, "file")} ${sent}, ${dataSize(bytesUploaded)}`;
  return `${title(report)}: ${what}`;
}

const none = "–";

/** The cells of one row; the last is left out where there is no release to compare with. */
export function sizeCells(row: SizeRow, compared: boolean): readonly string[] {
  const size = (number: number | undefined) => (number === undefined ? none : dataSize(number));
  const cells = [
    row.label,
    String(row.files),
    dataSize(row.before),
    dataSize(row.after),
    size(row.gzip),
    size(row.brotli),
  ];
  return compared ? [...cells, changeWords(row)] : cells;
}

export function sizeHead(compared: boolean): readonly string[] {
  const head = ["", "Files", "Before", "After", "gzip", "brotli"];
  return compared ? [...head, "Change"] : head;
}

/** `+1.2 kB (+3.4 %)`, `same`, `new`, `gone`. */
export function changeWords({ after, last = 0 }: Pick<SizeRow, "after" | "last">): string {
  const difference = after - last;
  if (difference === 0) return "same";
  if (last === 0 || after === 0) return last === 0 ? "new" : "gone";
  const sign = difference > 0 ? "+" : "−";
  const percent = (Math.abs(difference) / last) * 100;
  return `${sign}${dataSize(Math.abs(difference))} (${percent < 0.1 ? "<0.1" : sign + percent.toFixed(1)} %)`;
}

/** `sass 1.98.0 (the project's), 12 files`. */
export function toolWords({ name, version, from, files }: ToolUse): string {
  return `${name} ${version} (${from === "project" ? "the project's" : from}), ${count(files, "file")}`;
}

/** What happened besides the sizes, a sentence each, `mark` around values. */
export function sentences(report: AssetsReport, mark: (value: string) => string): readonly string[] {
  return [
    publishSentence(report, mark),
    mapsSentence(report),
    reusedSentence(report),
    pruneSentence(report, mark),
  ].filter((sentence) => sentence !== "");
}

function publishSentence(report: AssetsReport, mark: (value: string) => string): string {
  const { publish, location = "the store", release, dryRun } = report;
  if (publish === undefined) return "";
  const { uploaded, bytesUploaded, present } = publish;
  const what = uploaded === 0 ? "nothing" : `${count(uploaded, "file")}, ${dataSize(bytesUploaded)},`;
  const as = release === undefined ? "" : ` as release ${mark(release)}`;
  const there = present === 0 ? "" : `; ${present} already there`;
  const purged = purgeWords(report, mark);
  return `${dryRun ? "Would upload" : "Uploaded"} ${what} to ${mark(location)}${as}${there}${purged}.`;
}

function purgeWords(
  { publish, cdn = "the cache", dryRun }: AssetsReport,
  mark: (value: string) => string,
): string {
  if (publish?.purge === "purged") return `; ${mark(cdn)} ${dryRun ? "would be purged" : "purged"}`;
  return publish?.purge === "failed" ? `; ${mark(cdn)} not purged` : "";
}

function mapsSentence({ index }: AssetsReport): string {
  const maps = index.files.filter(({ kind, encoding }) => kind === "map" && encoding === undefined);
  if (maps.length === 0) return "";
  const kept = maps.every(({ kept }) => kept === true) ? "kept apart, not published" : "beside their files";
  return `${count(maps.length, "source map")}, ${dataSize(maps.reduce((sum, { size }) => sum + size, 0))}, ${kept}.`;
}

function reusedSentence({ built }: AssetsReport): string {
  const reused = built?.reused ?? 0;
  return reused === 0 ? "" : `${count(reused, "file")} unchanged since the last build and not built again.`;
}

function pruneSentence({ prune, dryRun }: AssetsReport, mark: (value: string) => string): string {
  if (prune === undefined) return "";
  const { remove, releases } = prune.plan;
  const gone = releases.filter(({ keep }) => !keep).map(({ release }) => mark(release));
  if (remove.length === 0 && gone.length === 0) return "";
  const verb = dryRun ? "Would prune" : prune.refused === undefined ? "Pruned" : "Not pruned";
  const size = dataSize(remove.reduce((sum, verdict) => sum + verdict.size, 0));
  return `${verb} ${count(remove.length, "file")}, ${size}, of old releases: ${few(gone, 3)}.`;
}

/** Removals by their reason, the most files first: files, bytes, why. */
export function removalRows(
  remove: readonly Verdict[],
): readonly (readonly [files: number, size: number, why: string])[] {
  const groups = new Map<string, [number, number, string]>();
  for (const { size, because } of remove) {
    const why = because.join("; ");
    const [files, sum] = groups.get(why) ?? [0, 0];
    groups.set(why, [files + 1, sum + size, why]);
  }
  return [...groups.values()].sort(([one], [other]) => other - one);
}
