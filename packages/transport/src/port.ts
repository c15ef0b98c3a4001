import type { Host } from "@deploy/core";
import type { ExecResult, HttpAnswer, HttpProbe, RemoteCommand } from "@deploy/remote";

export interface ExecOptions {
  /** The payload, streamed with back-pressure. Only for commands whose `payload` is true. */
  readonly input?: AsyncIterable<Uint8Array>;
  /**
   * Takes stdout as it is: raw bytes, in order, one chunk after the other; the command is held back while the promise is pending.
   * stdout is then neither captured (the result's is "") nor told to `onOutput`. `exited` and `signalled` mean that all that came
   * was taken; after `unknown` it is called no more, but a call may still be pending. If it rejects, the command is stopped and
   * the result is `unknown`. A recording transport hands over what it rehearses; of a stream's bytes that is nothing.
   */
  readonly sink?: (chunk: Uint8Array) => Promise<void>;
  /** Output as it comes, decoded, for people. Capturing goes on beside it. */
  readonly onOutput?: (stream: "stdout" | "stderr", text: string) => void;
  /** Told what whoever configured the command should know of it. */
  readonly onNote?: (text: string) => void;
  /** Stops waiting and closes the channel; the result is then `unknown`. A command with a `sink` is stopped, too: at its next write at the latest. */
  readonly signal?: AbortSignal;
  /** Bytes of each stream kept (the tail); 1 MiB unless told. */
  readonly capture?: number;
}

/** Where a person sits. */
export interface Terminal {
  /** As in TERM: what a program may write to it. */
  readonly kind: string;
  /** Every key as it is pressed: whoever gives it has switched line editing and signals off. */
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  size(): { readonly columns: number; readonly rows: number };
  /** Returns what ends the calls. */
  onResize(changed: () => void): () => void;
}

/**
 * How a command reaches one host. The contract (testkit's transportContract):
 * - `exec` never rejects for what the host did: a lost connection or a missing status is `unknown`.
 * - Exit codes, signals, stdout and stderr arrive whole and apart; a payload arrives byte for byte.
 * - A `sink` that is slow holds the command back in bounded memory, and a cut stream is never `exited`.
 * - The exit status ends a command: what it left running holds nobody. A `sink` whose stream does not end gets `unknown`.
 * - Several `exec` may run at once.
 * - After `close`, `exec` is `unknown` at once.
 */
export interface Transport {
  readonly host: Host;
  exec(command: RemoteCommand<unknown>, options?: ExecOptions): Promise<ExecResult>;
  /** An HTTP GET from the host's own point of view; redirects are not followed. Rejects with a DeployError. */
  http(probe: HttpProbe, signal?: AbortSignal): Promise<HttpAnswer>;
  /**
   * One line to a Unix socket on the host, and all it answers until it closes. Rejects with `pool-unreadable`. Absent: this
   * transport reaches none. A line that begins with `show ` only reads.
   */
  say?(socket: string, line: string): Promise<string>;
  /**
   * Runs a command on a terminal of the host's that is this one; its output is shown and not kept. An aborted signal hangs up. Absent:
   * this transport has none.
   */
  interact?(command: RemoteCommand<unknown>, terminal: Terminal, signal?: AbortSignal): Promise<ExecResult>;
  close(): Promise<void>;
}

/** Opens a connection or rejects with a DeployError naming the host, the cause and the fix. */
export type Connect = (host: Host, signal?: AbortSignal) => Promise<Transport>;
