import { duration, type Outcome, type Status } from "@deploy/core";
import type { EngineEvent } from "@deploy/engine";
import type { LineReader } from "./lines.ts";
import { readLines } from "./lines.ts";
import type { Colour, Paint } from "./paint.ts";
import { plainText } from "./plain.ts";

export interface ProgressOptions {
  readonly hosts: readonly string[];
  readonly paint: Paint;
  readonly say: (line: string) => void;
  /** Also what was skipped, and each step as it starts. */
  readonly verbose: boolean;
}

export interface Progress {
  readonly event: (event: EngineEvent) => void;
  /** Prints what is left of lines that never ended. */
  flush(): void;
}

const marks: Readonly<Record<Status, readonly [Colour, string]>> = {
  ok: ["green", "ok"],
  failed: ["red", "FAILED"],
  unknown: ["yellow", "UNKNOWN"],
  skipped: ["dim", "skipped"],
};

/** Live lines: one per host and step as it ends, and a host's own output as `web1 | …`. */
export function openProgress(options: ProgressOptions): Progress {
  const width = Math.max(0, ...options.hosts.map((host) => host.length));
  const readers = new Map<string, LineReader>();
  const { paint, say } = options;

  function output(host: string, text: string): void {
    const reader =
      readers.get(host) ?? readLines((line) => say(paint("dim", `  ${host.padEnd(width)} | ${line}`)));
    readers.set(host, reader);
    reader.add(text);
  }

  function flush(): void {
    for (const reader of readers.values()) reader.end();
  }

  return {
    flush,
    event(event) {
      if (event.kind === "output") return output(event.host, event.text);
      flush();
      if (event.kind === "outcome") {
        if (event.outcome.status !== "skipped" || options.verbose)
          say(outcomeLine(event.outcome, width, paint));
      } else if (event.kind === "note") {
        say(paint("dim", `  ${event.host === undefined ? "" : `${event.host} · `}${plainText(event.text)}`));
      } else if (options.verbose) {
        say(paint("bold", `${event.step} on ${event.hosts.join(", ")}`));
      }
    },
  };
}

/** `web1  switch  ok  switched to … (0.1 s)`. */
export function outcomeLine(outcome: Outcome, width: number, paint: Paint): string {
  const [colour, word] = marks[outcome.status];
  const time = paint("dim", `(${duration(outcome.milliseconds)})`);
  const detail = plainText(outcome.detail).replaceAll("\n", " ");
  return `${outcome.host.padEnd(width)}  ${outcome.step.padEnd(7)}  ${paint(colour, word.padEnd(7))}  ${detail} ${time}`;
}
