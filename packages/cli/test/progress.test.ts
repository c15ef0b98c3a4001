import type { EngineEvent } from "@deploy/engine";
import { expect, test } from "@jest/globals";
import { openProgress } from "../src/progress.ts";

function told(events: readonly EngineEvent[], verbose = false): string[] {
  const lines: string[] = [];
  const progress = openProgress({
    hosts: ["web1", "web10"],
    paint: (_colour, text) => text,
    say: (line) => lines.push(line),
    verbose,
  });
  for (const event of events) progress.event(event);
  progress.flush();
  return lines;
}

const outcome = {
  host: "web1",
  id: "switch",
  step: "switch",
  status: "ok",
  detail: "switched",
  milliseconds: 1240,
} as const;

test("one line per host and step as it ends", () => {
  const failed = {
    ...outcome,
    host: "web10",
    step: "health",
    status: "failed",
    detail: "503\u001b[2J\nbad",
  } as const;
  expect(
    told([
      { kind: "outcome", outcome },
      { kind: "outcome", outcome: failed },
    ]),
  ).toEqual(["web1   switch   ok       switched (1.2 s)", "web10  health   FAILED   503 bad (1.2 s)"]);
});

test("a host's output is indented under its name, line by line, also when two talk at once", () => {
  expect(
    told([
      { kind: "output", host: "web1", step: "prepare", text: "inst" },
      { kind: "output", host: "web10", step: "prepare", text: "hello\n" },
      { kind: "output", host: "web1", step: "prepare", text: "alled\nrest" },
      { kind: "outcome", outcome },
    ]),
  ).toEqual([
    "  web10 | hello",
    "  web1  | installed",
    "  web1  | rest",
    "web1   switch   ok       switched (1.2 s)",
  ]);
});

test("notes name their host", () => {
  expect(
    told([
      { kind: "note", host: "web1", text: "connection lost, connecting again" },
      { kind: "note", text: "waiting" },
    ]),
  ).toEqual(["  web1 · connection lost, connecting again", "  waiting"]);
});

test("steps that start and what was skipped are shown with --verbose only", () => {
  const events = [
    { kind: "step", step: "upload", hosts: ["web1", "web10"] },
    { kind: "outcome", outcome: { ...outcome, status: "skipped", detail: "already there", milliseconds: 0 } },
  ] as const;
  expect(told(events)).toEqual([]);
  expect(told(events, true)).toEqual([
    "upload on web1, web10",
    "web1   switch   skipped  already there (0 ms)",
  ]);
});
