import type { Readable } from "node:stream";
import type { Ended, ExecResult } from "@deploy/remote";
import type { ExecOptions } from "./port.ts";
import { Tail } from "./tail.ts";

const mebibyte = 1_048_576;

/** Listens to both streams of a command at once. */
export class Capture {
  readonly #tails: { readonly stdout: Tail; readonly stderr: Tail };
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  readonly #onOutput: ExecOptions["onOutput"];
  #over = false;
  #heard = 0;

  constructor(options: ExecOptions) {
    const cap = options.capture ?? mebibyte;
    this.#tails = { stdout: new Tail(cap), stderr: new Tail(cap) };
    this.#onOutput = options.onOutput;
  }

  /** Bytes that came so far. */
  get heard(): number {
    return this.#heard;
  }

  listen(name: "stdout" | "stderr", stream: Readable): void {
    stream.on("error", () => {});
    stream.on("data", (chunk: Buffer) => {
      if (this.#over) return;
      this.#heard += chunk.length;
      this.#tails[name].push(chunk);
      this.#tell(name, this.#decoders[name].decode(chunk, { stream: true }));
    });
  }

  /** The result; output that comes later is not heard. */
  finish(ended: Ended): ExecResult {
    this.#over = true;
    for (const name of ["stdout", "stderr"] as const) this.#tell(name, this.#decoders[name].decode());
    const { stdout, stderr } = this.#tails;
    const dropped = stdout.dropped + stderr.dropped;
    return { ...ended, stdout: stdout.text(), stderr: stderr.text(), dropped };
  }

  #tell(name: "stdout" | "stderr", text: string): void {
    if (text !== "") this.#onOutput?.(name, text);
  }
}

/** A result without output, for commands that never started or whose answer never came. */
export function unknownResult(reason: string): ExecResult {
  return { status: "unknown", reason, stdout: "", stderr: "", dropped: 0 };
}
