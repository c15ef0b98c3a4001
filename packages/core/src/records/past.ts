import type { Change } from "../status/changes.ts";
import { median } from "../status/figures.ts";
import type { ReadRecord } from "./types.ts";

/** One line of a history: a change of what is served, or a run that changed nothing; newest first. */
export interface Past extends Change {
  /** Who tells of it: the servers' journals, the records, or both. */
  readonly told: "both" | "servers" | "records";
  /** One of them should tell of it as well, and does not: the other is the only witness. */
  readonly alone?: true;
  /** Of its run, where there is one. */
  readonly record?: ReadRecord;
}

/**
 * What journals and records tell, held against each other. Each is asked only about the time that it covers: a journal has so many
 * lines, and records begin where they were begun.
 */
export function pastOf(changes: readonly Change[], records: readonly ReadRecord[]): readonly Past[] {
  const [journalFrom, recordsFrom] = [oldest(changes), oldest(records.map(timed))];
  const byServers = changes.map((change): Past => {
    const record = records.find((one) => changesOf(one).some((other) => isSame(change, other)));
    if (record !== undefined) return { ...change, told: "both", record };
    return { ...change, told: "servers", ...(change.time > recordsFrom ? { alone: true } : {}) };
  });
  const byRecords = records.flatMap((record): readonly Past[] => {
    const made = changesOf(record);
    const left = made.filter((one) => !changes.some((change) => isSame(change, one)));
    return left.map((one) => ({
      ...one,
      ...{ told: "records", record },
      ...(one.time > journalFrom ? { alone: true } : {}),
    }));
  });
  return [...byServers, ...byRecords].sort((one, other) => other.time - one.time);
}

const timed = ({ time }: ReadRecord) => ({ time: Date.parse(time) / 1000 });
const oldest = (all: readonly { readonly time: number }[]): number =>
  Math.min(Number.POSITIVE_INFINITY, ...all.map(({ time }) => time));

/** A run is one line of each journal, whichever of the two clocks was right. */
const isSame = (one: Change, other: Change): boolean =>
  one.run === other.run && one.kind === other.kind && one.release === other.release;

/** What a run changed, as journals would tell it. Nothing, where it ended before any server switched. */
export function changesOf({ time, run, report }: ReadRecord): readonly Change[] {
  const { result, kind, release, previous, changed, timings } = report;
  const end = Date.parse(time) / 1000;
  const hosts = report.hosts.map(({ host }) => host);
  const there = { time: end, run, hosts, release, from: previous };
  const forth = { ...there, kind: kind === "rollback" ? "rollback" : "activate" } as const;
  if (result === "reverted") {
    const back = { ...there, kind: "revert", release: previous, from: release } as const;
    return [back, { ...forth, time: end - (timings.window ?? 0) / 1000 }];
  }
  return changed && (result === "deployed" || result === "held") ? [forth] : [];
}

/** Runs that changed nothing that is served, newest first: refused, failed before the switch, cancelled. */
export function idleRuns(records: readonly ReadRecord[]): readonly ReadRecord[] {
  const idle = records.filter((record) => changesOf(record).length === 0);
  return [...idle].sort((one, other) => Date.parse(other.time) - Date.parse(one.time));
}

/**
 * The fourth of DORA's keys: from the commit to its going live, the median of the last `days` days in milliseconds. Undefined where no
 * record says it.
 */
export function leadTimeOf(records: readonly ReadRecord[], now: Date, days = 30): number | undefined {
  const since = now.getTime() - days * 86_400_000;
  return median(
    records.flatMap(({ time, committed, report: { result, kind, changed } }) => {
      const live = result === "deployed" && kind === "deploy" && changed && Date.parse(time) >= since;
      return live && committed !== undefined ? [Math.max(0, Date.parse(time) - committed * 1000)] : [];
    }),
  );
}
