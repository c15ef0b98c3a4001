import type { PlayedTask } from "@deploy/core";

/** How it ended for one host. */
export interface Summary {
  readonly changed: number;
  readonly failures: number;
  readonly unreachable: number;
}

export interface Told {
  readonly tasks: readonly PlayedTask[];
  readonly summaries: ReadonlyMap<string, Summary>;
}

type Line = Readonly<Record<string, unknown>>;

const states = ["changed", "failed", "unreachable"] as const;

/** What plugins/report.py wrote: a line for each task that is worth one, and one for each host. Others are let go. */
export function readReport(text: string): Told {
  const lines = text.split("\n").flatMap(parse);
  const summaries = lines.flatMap(({ host, summary }) =>
    typeof host === "string" && isLine(summary) ? [[host, summaryOf(summary)] as const] : [],
  );
  return { tasks: lines.flatMap(taskOf), summaries: new Map(summaries) };
}

function taskOf({ host, task, state, text }: Line): readonly PlayedTask[] {
  const known = states.find((one) => one === state);
  if (typeof host !== "string" || typeof task !== "string" || known === undefined) return [];
  return [{ host, task, state: known, text: typeof text === "string" ? text : "" }];
}

function summaryOf(given: Line): Summary {
  const number = (name: string) => (typeof given[name] === "number" ? given[name] : 0);
  return { changed: number("changed"), failures: number("failures"), unreachable: number("unreachable") };
}

function parse(line: string): readonly Line[] {
  try {
    const found: unknown = JSON.parse(line);
    return isLine(found) ? [found] : [];
  } catch {
    return [];
  }
}

function isLine(value: unknown): value is Line {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
