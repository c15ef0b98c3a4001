import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "@jest/globals";
import type { Runner } from "../src/index.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface FakeRunner extends Runner {
  /** Everything that left the process, in order, as the runner would read it. */
  readonly lines: string[];
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  readonly summaries: string[];
  readonly exits: number[];
  signal(): void;
}

/** A runner in memory: `env` is the whole environment. */
export function fakeRunner(env: Readonly<Record<string, string>> = {}): FakeRunner {
  const temporary = mkdtempSync(join(tmpdir(), "runner-"));
  made.push(temporary);
  const lines: string[] = [];
  const handlers = new Set<() => void>();
  const runner: FakeRunner = {
    lines,
    outputs: {},
    state: {},
    summaries: [],
    exits: [],
    env: { RUNNER_TEMP: temporary, GITHUB_STEP_SUMMARY: "yes", ...env },
    write: (text) => lines.push(...text.replace(/\n$/, "").split("\n")),
    onSignal(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    exit: (code) => runner.exits.push(code),
    signal: () => {
      for (const handler of handlers) handler();
    },
    toolkit: {
      setSecret: (value) => lines.push(`::add-mask::${value}`),
      setOutput: (name, value) => {
        runner.outputs[name] = value;
      },
      saveState: (name, value) => {
        runner.state[name] = value;
      },
      getState: (name) => runner.state[name] ?? "",
      startGroup: (title) => lines.push(`::group::${title}`),
      endGroup: () => lines.push("::endgroup::"),
      error: (message, place) => lines.push(`::error ${JSON.stringify(place)}::${message}`),
      warning: (message) => lines.push(`::warning::${message}`),
      summarize: async (markdown) => {
        runner.summaries.push(markdown);
      },
    },
  };
  return runner;
}

/** Lines with each random token named. */
export function withoutTokens(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "TOKEN"));
}
