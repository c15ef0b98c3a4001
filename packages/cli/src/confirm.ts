import { createInterface } from "node:readline";
import type { Io } from "./io.ts";

/** Asks on stderr; only `y` or `yes` is a yes. End of input and Ctrl-C are a no. */
export async function confirm(io: Io, question: string): Promise<boolean> {
  io.stderr.write(`${question} [y/N] `);
  return /^y(es)?$/i.test((await readLine(io)).trim());
}

/** What a person types; empty at the end of input and at Ctrl-C. */
export async function ask(io: Io, question: string): Promise<string> {
  io.stderr.write(question);
  return (await readLine(io)).trim();
}

function readLine(io: Io): Promise<string> {
  const lines = createInterface({ input: io.stdin });
  return new Promise((done) => {
    const stop = (): void => lines.close();
    io.signal?.addEventListener("abort", stop, { once: true });
    lines.once("line", (line) => {
      done(line);
      lines.close();
    });
    lines.once("close", () => {
      io.signal?.removeEventListener("abort", stop);
      done("");
    });
    if (io.signal?.aborted === true) stop();
  });
}
