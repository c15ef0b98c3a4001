import { duration, type Outcome, type OutcomeStep, type Problem } from "@deploy/core";
import { HostOutput } from "./hostOutput.ts";
import type { Log } from "./log.ts";
import { tellProblem } from "./problems.ts";

/** What the engine tells while it works (its EngineEvent, by shape). */
export type LogEvent =
  | { readonly kind: "step"; readonly step: OutcomeStep; readonly hosts: readonly string[] }
  | { readonly kind: "output"; readonly host: string; readonly step: OutcomeStep; readonly text: string }
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "note"; readonly host?: string; readonly text: string };

const signs = { ok: "✓", failed: "✗", unknown: "?", skipped: "–" } as const;

/** Writes events as they come: a group per step, `host | line` for output, `✓ 2/3 host: …` for outcomes. */
export function logEvents(log: Log): (event: LogEvent) => void {
  const outputs = new Map<string, HostOutput>();
  const progress = new Map<OutcomeStep, { done: number; all: number }>();
  const show = (host: string, lines: readonly string[]) =>
    log.text(lines.map((line) => `${host} | ${line}\n`).join(""));
  const flush = (host: string) => {
    show(host, outputs.get(host)?.finish() ?? []);
    outputs.delete(host);
  };
  const output = (host: string, text: string) => {
    const found = outputs.get(host) ?? new HostOutput();
    outputs.set(host, found);
    show(host, found.add(text));
  };
  return (event) => {
    if (event.kind === "output") return output(event.host, event.text);
    if (event.kind === "note")
      return log.text(event.host === undefined ? event.text : `${event.host}: ${event.text}`);
    if (event.kind === "step") {
      progress.set(event.step, { done: 0, all: event.hosts.length });
      return log.group(`${event.step} · ${hosts(event.hosts)}`);
    }
    flush(event.outcome.host);
    const count = progress.get(event.outcome.step) ?? { done: 0, all: 0 };
    count.done += 1;
    log.text(renderOutcome(event.outcome, count.all > 1 ? ` ${count.done}/${count.all}` : ""));
    for (const { title, text } of event.outcome.problem?.evidence ?? [])
      show(event.outcome.host, [`${title}:`, ...text.split("\n")]);
  };
}

function renderOutcome(outcome: Outcome, count: string): string {
  const { host, step, status, detail, problem, milliseconds } = outcome;
  const why = problem === undefined ? detail : tellProblem(hereOnly(problem));
  return `${signs[status]}${count} ${host}: ${step} ${status}${why === "" ? "" : `, ${why}`} (${duration(milliseconds)})`;
}

/** The line names host and step already. */
function hereOnly({ place: { host: _host, step: _step, ...place }, ...problem }: Problem): Problem {
  return { ...problem, place };
}

function hosts(names: readonly string[]): string {
  return names.length > 3 ? `${names.length} hosts` : names.join(", ");
}
