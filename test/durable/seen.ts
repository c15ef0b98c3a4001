import type { Report } from "@deploy/core";
import type { EngineEvent } from "@deploy/engine";
import { type RunSettings, runDeploy } from "./run.ts";

/** What a run told while it ran. */
export interface Seen {
  readonly events: readonly EngineEvent[];
  /** What the migration printed, as it was shown. */
  output(): string;
  notes(): readonly string[];
}

export function seenIn(events: readonly EngineEvent[]): Seen {
  return {
    events,
    output: () =>
      events.map((event) => (event.kind === "output" && event.step === "migrate" ? event.text : "")).join(""),
    notes: () => events.flatMap((event) => (event.kind === "note" ? [event.text] : [])),
  };
}

/** A run of this process: its report, and what it tells meanwhile. */
export function startRun(settings: RunSettings, signal?: AbortSignal): Seen & { report: Promise<Report> } {
  const events: EngineEvent[] = [];
  const report = runDeploy(settings, (event) => events.push(event), signal);
  return { ...seenIn(events), report };
}

/** What tests compare: how a run ended, in one line, and what the migration printed. */
export async function outcomeOf(run: Seen & { report: Promise<Report> }): Promise<readonly string[]> {
  const report = await run.report;
  return [toldIn(report), run.output()];
}

/** `failed: migration-failed: the migration of ID exited 7`. */
export function toldIn({ result, problems, hosts }: Report): string {
  const migrate = hosts.flatMap(({ outcomes }) => outcomes).find(({ step }) => step === "migrate");
  const why = problems.map(({ code, message }) => `${code}: ${message}`);
  const text = [result, ...(why.length > 0 ? why : [migrate?.detail ?? "no migration"])].join(": ");
  return text.replace(/\d{8}T\d{6}Z-\w{7}/g, "ID");
}
