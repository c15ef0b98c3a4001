import type { Io, Output } from "./io.ts";
import { type LineReader, readLines } from "./lines.ts";

/** Each host's text as whole lines of plain text, `web1 | …` where a prefix is given. */
export interface Prefixed {
  add(stream: "stdout" | "stderr", text: string): void;
  /** The rest, where a last line never ended. */
  end(): void;
}

/** `closed` is told when whoever reads has read enough. */
export function prefixed(
  io: Pick<Io, "stdout" | "stderr">,
  prefix = "",
  closed: () => void = () => {},
): Prefixed {
  const reader = (output: Output): LineReader =>
    readLines((line) => void output.write(`${prefix}${line}\n`, (error) => error && closed()));
  const readers = { stdout: reader(io.stdout), stderr: reader(io.stderr) };
  return {
    add: (stream, text) => readers[stream].add(text),
    end() {
      for (const each of Object.values(readers)) each.end();
    },
  };
}
