import { duration } from "../amounts.ts";
import { whoIs } from "../plan/owner.ts";
import { count } from "../plan/words.ts";
import { textTable } from "../report/table.ts";
import { kinds } from "../status/changes.ts";
import { idleRuns, type Past } from "./past.ts";
import type { ReadRecord } from "./types.ts";

/** One line of a history for people, whoever shows it. */
export interface PastLine {
  /** Seconds since 1970. */
  readonly time: number;
  readonly what: string;
  readonly release: string;
  readonly from: string;
  readonly hosts: number;
  readonly who: string;
  readonly took: string;
  readonly run: string;
  /** What is odd about it; "" mostly. */
  readonly note: string;
}

const lone: Readonly<Record<Past["told"], string>> = {
  both: "",
  servers: "no record tells of it",
  records: "no server tells of it",
};

/** Changes and runs that changed nothing, newest first. */
export function pastLines(past: readonly Past[], records: readonly ReadRecord[]): readonly PastLine[] {
  const changed = past.map(
    ({ time, kind, release, from, hosts, run, told, alone, record }): PastLine => ({
      ...{
        time,
        what: kinds[kind],
        release: release ?? "nothing",
        from: from ?? "",
        hosts: hosts.length,
        run,
      },
      ...ofRecord(record, run),
      note: alone === true ? lone[told] : "",
    }),
  );
  const idle = idleRuns(records).map((record): PastLine => {
    const { time, run, report } = record;
    const { result, release, hosts } = report;
    const there = {
      time: Date.parse(time) / 1000,
      what: result,
      release,
      from: "",
      hosts: hosts.length,
      run,
    };
    return { ...there, ...ofRecord(record, run), note: "" };
  });
  return [...changed, ...idle].sort((one, other) => other.time - one.time);
}

function ofRecord(record: ReadRecord | undefined, run: string): Pick<PastLine, "who" | "took"> {
  if (record === undefined) return { who: whoIs(run) === run ? "" : whoIs(run), took: "" };
  return { who: record.actor, took: duration(record.report.timings.total) };
}

/** For a terminal; ends with a line feed. */
export function renderPastText(lines: readonly PastLine[]): string {
  if (lines.length === 0) return "Neither servers nor records tell of any run.\n";
  const rows = lines.map(({ time, what, release, from, hosts, who, took, run, note }) => [
    new Date(time * 1000).toISOString().slice(0, 16).replace("T", " "),
    ...[what, release, from, count(hosts, "host"), who, took, run, note === "" ? "" : `! ${note}`],
  ]);
  const head = ["when (UTC)", "what", "serves then", "before", "on", "by", "took", "run", ""];
  return `${textTable([head, ...rows]).join("\n")}\n`;
}
