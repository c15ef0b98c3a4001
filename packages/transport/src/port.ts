import type { Host } from "@deploy/core";
import type { ExecResult, HttpAnswer, HttpProbe, RemoteCommand } from "@deploy/remote";

export interface ExecOptions {
  /** The payload, streamed with back-pressure. Only for commands whose `payload` is true. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Output as it comes, decoded, for people. Capturing goes on beside it. */
  readonly onOutput?: (stream: "stdout" | "stderr", text: string) => void;
  /** Stops waiting and closes the channel; the result is then `unknown`. */
  readonly signal?: AbortSignal;
  /** Bytes of each stream kept (the tail); 1 MiB unless told. */
  readonly capture?: number;
}

/**
 * How a command reaches one host. The contract (testkit's transportContract):
 * - `exec` never rejects for what the host did: a lost connection or a missing status is `unknown`.
 * - Exit codes, signals, stdout and stderr arrive whole and apart; a payload arrives byte for byte.
 * - Several `exec` may run at once.
 * - After `close`, `exec` is `unknown` at once.
 */
export interface Transport {
  readonly host: Host;
  exec(command: RemoteCommand<unknown>, options?: ExecOptions): Promise<ExecResult>;
  /** An HTTP GET from the host's own point of view; redirects are not followed. Rejects with a DeployError. */
  http(probe: HttpProbe, signal?: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** Opens a connection or rejects with a DeployError naming the host, the cause and the fix. */
export type Connect = (host: Host, signal?: AbortSignal) => Promise<Transport>;
