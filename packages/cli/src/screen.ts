import type { Io, Output } from "./io.ts";
import type { Paint } from "./paint.ts";
import { paintFor } from "./paint.ts";

/** Where a command talks: `say` for people, `answer` for programs, `warn` beside either. */
export interface Screen {
  readonly json: boolean;
  readonly paint: Paint;
  /** Plan, progress and report: stdout, or stderr where stdout carries JSON. */
  say(text: string): void;
  /** One JSON document on stdout, where asked for. */
  answer(value: unknown): void;
  /** Warnings and questions: always stderr. */
  warn(text: string): void;
}

export function openScreen(io: Io, options: { readonly json: boolean }): Screen {
  const people = options.json ? io.stderr : io.stdout;
  return {
    json: options.json,
    paint: paintFor(people, io.env),
    say: (text) => line(people, text),
    answer(value) {
      if (options.json) line(io.stdout, JSON.stringify(value, null, 2));
    },
    warn: (text) => line(io.stderr, text),
  };
}

function line(output: Output, text: string): void {
  output.write(text.endsWith("\n") ? text : `${text}\n`);
}
