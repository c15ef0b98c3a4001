import { Readable } from "node:stream";
import type { Io } from "../src/io.ts";

export interface RecordedIo extends Io {
  /** All that was written so far. */
  out(): string;
  err(): string;
}

export interface RecordedOptions {
  readonly cwd?: string;
  readonly env?: Io["env"];
  /** What a person types; a terminal then. */
  readonly typed?: string;
  readonly signal?: AbortSignal;
}

/** An outside that remembers what it was told. */
export function recordedIo(options: RecordedOptions = {}): RecordedIo {
  const out: string[] = [];
  const err: string[] = [];
  const stdin = Readable.from(options.typed === undefined ? [] : [options.typed]);
  return {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    stdin: Object.assign(stdin, { isTTY: options.typed !== undefined }) as unknown as Io["stdin"],
    env: options.env ?? {},
    cwd: options.cwd ?? "/nowhere",
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    out: () => out.join(""),
    err: () => err.join(""),
  };
}
