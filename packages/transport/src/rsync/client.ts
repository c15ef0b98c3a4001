import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { DeployError } from "@deploy/core";
import { Tail } from "../tail.ts";
import { parseAsked } from "./ask.ts";

export interface ClientEnd {
  /** null: a signal ended it, or it never began. */
  readonly code: number | null;
  /** A signal's name, or why it did not begin. */
  readonly reason: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Kept of what it prints. */
const most = 64 * 1024;

/** An rsync of this machine whose way to the host is us. */
export class RsyncClient {
  readonly ended: Promise<ClientEnd>;
  readonly #child: ChildProcess;
  readonly #wire: Socket;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(program, args, {
      cwd: "/",
      env: clean(),
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.#child.on("error", () => {});
    const wire = this.#child.stdio?.[3] as Socket | undefined;
    if (wire === undefined)
      throw new DeployError("rsync-unusable", `${program} could not be started: no more files can be opened`);
    this.#wire = wire;
    this.#wire.on("error", () => {}); // it ended: its code says more
    this.#chunks = this.#wire.iterator({ destroyOnReturn: false });
    this.ended = endOf(this.#child, this.#wire);
  }

  /** What it asks the other end for, from `--server` on; undefined: it ended before. */
  async asked(): Promise<readonly string[] | undefined> {
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) return undefined;
      this.#rest = Buffer.concat([this.#rest, chunk]);
      const found = parseAsked(this.#rest);
      if (found === undefined) continue;
      this.#rest = found.rest;
      return found.args;
    }
  }

  /** What it sends, after `asked`; ends with it. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    if (this.#rest.length > 0) yield this.#rest;
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) yield chunk;
  }

  /** What the other end sent; waits while it is busy, and takes no notice of what comes after its end. */
  take(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.#wire.destroyed) return resolve();
      this.#wire.write(chunk, () => resolve());
    });
  }

  /** The other end has ended. What still comes is let go, since an rsync that waits to write does not see an end. */
  finish(): void {
    this.#wire.end();
    void this.#drain();
  }

  async #drain(): Promise<void> {
    while ((await this.#next()) !== undefined);
  }

  stop(signal: "SIGTERM" | "SIGKILL"): void {
    this.#child.kill(signal);
  }

  async #next(): Promise<Buffer | undefined> {
    try {
      const next = await this.#chunks.next();
      return next.done === true ? undefined : next.value;
    } catch {
      return undefined; // closed while it was read
    }
  }
}

/** No secret of a job's environment, no settings of the user's, no other language. */
function clean(): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { ...(PATH === undefined ? {} : { PATH }), HOME: "/dev/null", LC_ALL: "C" };
}

/** How it ended. The bridge it started may outlive it, and goes with the wire. */
function endOf(child: ChildProcess, wire: Socket): Promise<ClientEnd> {
  const [stdout, stderr] = [tailOf(child.stdout), tailOf(child.stderr)];
  return new Promise((resolve) => {
    const end = (code: number | null, reason: string) => {
      wire.destroy();
      resolve({ code, reason, stdout: stdout.text(), stderr: stderr.text() });
    };
    child.once("error", (error) => end(null, error.message));
    child.once("exit", () => wire.destroy());
    child.once("close", (code, signal) => end(code, signal ?? ""));
  });
}

function tailOf(stream: Readable | null): Tail {
  const tail = new Tail(most);
  stream?.on("data", (chunk: Buffer) => tail.push(chunk));
  stream?.on("error", () => {});
  return tail;
}
