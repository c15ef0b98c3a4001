import { makeProblem, type Problem } from "../errors.ts";
import { count } from "../plan/words.ts";
import { cleanLine } from "../report/clean.ts";
import { details, hintWords, markdownTable, words } from "../report/markdown.ts";
import type { Level, Remark } from "./remark.ts";

const order: readonly Level[] = ["stop", "warn", "unknown", "ok"];
const names: Readonly<Record<Level, string>> = {
  ...{ stop: "stop", warn: "warn", unknown: "not known", ok: "ok" },
};
const numberOf = (remarks: readonly Remark[], wanted: Level) =>
  remarks.filter(({ level }) => level === wanted).length;

/** As people read it: the worst first, each with what mends it below it. */
export function renderRemarks(remarks: readonly Remark[], where: "desk" | "action" = "desk"): string {
  const lines = order.flatMap((level) =>
    remarks.filter((remark) => remark.level === level).map((remark) => lineOf(remark, where)),
  );
  const sum = order.map((level) => `${numberOf(remarks, level)} ${names[level]}`).join(" · ");
  return [...lines, "", sum].join("\n");
}

function lineOf(remark: Remark, where: "desk" | "action"): string {
  const line = `${names[remark.level].padEnd(9)}  ${placeOf(remark)}: ${cleanLine(remark.text)}`;
  const fix = where === "action" ? (remark.inAction ?? remark.fix) : remark.fix;
  return fix === undefined ? line : `${line}\n           → ${cleanLine(fix)}`;
}

const placeOf = ({ host, about }: Remark): string => (host === undefined ? about : `${host} ${about}`);

/** The verdict. `where`: `shop on production`. */
export function remarksHeadline(remarks: readonly Remark[], where: string): string {
  const stops = numberOf(remarks, "stop");
  const warns = numberOf(remarks, "warn");
  if (stops > 0) return `${where}: ${count(stops, "thing")} to mend before the next deploy`;
  return warns > 0
    ? `${where}: deploys work, ${count(warns, "thing")} to look at`
    : `${where}: nothing to mend`;
}

/** The page of an action: the verdict, what is to be mended as a table, and what is well closed below. */
export function remarksMarkdown(remarks: readonly Remark[], headline: string): string {
  const open = order.slice(0, 3).flatMap((level) => remarks.filter((remark) => remark.level === level));
  const rows = open.map((remark) => [
    remark.level === "stop" ? "**stop**" : names[remark.level],
    words(placeOf(remark)),
    hintWords(remark.text),
    hintWords(remark.inAction ?? remark.fix ?? ""),
  ]);
  const well = remarks.filter(({ level }) => level === "ok");
  const list = well.map((remark) => `- ${words(placeOf(remark))}: ${hintWords(remark.text)}`);
  return [
    `### ${words(headline)}`,
    "",
    ...(rows.length === 0 ? [] : [...markdownTable(["", "where", "found", "what mends it"], rows), ""]),
    ...(list.length === 0 ? [] : details(`${well.length} ok`, list)),
  ].join("\n");
}

/** What ends a plan, and an action of doctor's. */
export function stopProblems(remarks: readonly Remark[]): readonly Problem[] {
  return remarks.filter(({ level }) => level === "stop").map((remark) => problemOfStop(remark));
}

function problemOfStop({ about, host, text, fix, inAction }: Remark): Problem {
  return makeProblem("host-unfit", `${about}: ${text}`, {
    ...(fix === undefined ? {} : { hint: fix }),
    ...(inAction === undefined ? {} : { inAction }),
    ...(host === undefined ? {} : { place: { host } }),
  });
}
