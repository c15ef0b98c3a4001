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
  /** What a program gives; no terminal. */
  readonly piped?: string;
  readonly signal?: AbortSignal;
  /** Told what is written, as it is. */
  readonly onWrite?: (text: string) => void;
}

const recorded = (texts: string[], onWrite: (text: string) => void = () => {}): Io["stdout"] => ({
  write(bytes, done) {
    const text = typeof bytes === "string" ? bytes : Buffer.from(bytes).toString();
    texts.push(text);
    onWrite(text);
    done?.();
  },
});

/** An outside that remembers what it was told. */
export function recordedIo(options: RecordedOptions = {}): RecordedIo {
  const out: string[] = [];
  const err: string[] = [];
  const given = options.typed ?? options.piped;
  const stdin = Readable.from(given === undefined ? [] : [Buffer.from(given)]);
  return {
    stdout: recorded(out, options.onWrite),
    stderr: recorded(err, options.onWrite),
    stdin: Object.assign(stdin, { isTTY: options.typed !== undefined }) as unknown as Io["stdin"],
    env: options.env ?? {},
    cwd: options.cwd ?? "/nowhere",
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    out: () => out.join(""),
    err: () => err.join(""),
  };
}
