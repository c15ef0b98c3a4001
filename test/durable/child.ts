import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import type { EngineEvent } from "@deploy/engine";
import { compileCache } from "@deploy/testkit";
import type { RunSettings } from "./run.ts";
import { type Seen, seenIn } from "./seen.ts";

/** The coordinator as a process: killed, it leaves the host as a lost runner does. */
export interface Coordinator extends Seen {
  readonly process: ChildProcess;
  /** Undefined where it ended without one. */
  readonly report: Promise<Report | undefined>;
}

export function startCoordinator(settings: RunSettings): Coordinator {
  const argv = ["--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...argv, join(import.meta.dirname, "coordinator.ts")], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...compileCache },
  });
  child.stdin.end(JSON.stringify(settings));
  const events: EngineEvent[] = [];
  let [rest, errors] = ["", ""];
  let last: Report | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { event, report } = JSON.parse(line) as { event?: EngineEvent; report?: Report };
      if (event !== undefined) events.push(event);
      if (report !== undefined) last = report;
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const report = new Promise<Report | undefined>((done, fail) => {
    child.once("close", (code) => (code ? fail(new Error(errors)) : done(last)));
  });
  report.catch(() => {});
  return { ...seenIn(events), process: child, report };
}
