import { closeSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Report } from "@deploy/core";
import { beginLine, type RunLine } from "@deploy/core/page";
import type { EngineEvent } from "@deploy/engine";
import { ownCache } from "../caches.ts";
import { processMark } from "../owner.ts";

/** Files of runs that are kept for each environment. */
const kept = 20;

/** What a run tells to whoever watches it from another process of the same person. */
export interface RunRecord {
  readonly plan: (plan: Plan) => void;
  readonly event: (event: EngineEvent) => void;
  readonly end: (report: Report) => void;
}

/** Where runs of an environment tell of themselves; undefined where there is no place that is the person's alone. */
export function runsFolder(
  env: Readonly<Record<string, string | undefined>>,
  { app, environment }: Pick<Plan, "app" | "environment">,
): string | undefined {
  return ownCache(env, join("runs", app, environment));
}

/** Begins the file of a run. Nothing here fails one: where it cannot be written, nobody watches. `env` undefined: nobody shall. */
export function recordRun(
  plan: Plan,
  env: Parameters<typeof runsFolder>[0] | undefined,
  by: string,
): RunRecord {
  const folder = env === undefined ? undefined : runsFolder(env, plan);
  const file = folder === undefined ? undefined : begin(folder);
  const write = (line: RunLine): void => {
    if (file === undefined) return;
    try {
      writeSync(file, `${JSON.stringify(line)}\n`);
    } catch {
      // A full disk costs whoever watches, and no deploy.
    }
  };
  const mark = processMark(process.pid);
  const told = (next: Plan) => write(beginLine(next, { time: new Date().toISOString(), by, process: mark }));
  told(plan);
  return {
    plan: told,
    event(event) {
      if (event.kind === "step") write({ kind: "step", step: event.step, hosts: event.hosts });
      if (event.kind !== "outcome") return;
      const { host, id, step, status, detail, milliseconds } = event.outcome;
      write({ kind: "outcome", outcome: { host, id, step, status, detail, milliseconds } });
    },
    end({ result, headline }) {
      write({ kind: "end", result, headline });
      if (file !== undefined) closeSync(file);
    },
  };
}

/** Names sort by time. */
function begin(folder: string): number | undefined {
  try {
    const old = readdirSync(folder)
      .sort()
      .reverse()
      .slice(kept - 1);
    for (const name of old) rmSync(join(folder, name), { force: true });
    const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
    return openSync(join(folder, `${time}-${process.pid}.jsonl`), "ax", 0o600);
  } catch {
    return undefined;
  }
}
