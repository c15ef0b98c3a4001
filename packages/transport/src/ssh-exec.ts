import type { Ended, ExecResult } from "@deploy/remote";
import type { Client, ClientChannel } from "ssh2";
import { Capture, unknownResult } from "./capture.ts";
import { feed } from "./feed.ts";
import type { ExecOptions } from "./port.ts";

/** Why no channel: `refused` means that the server never opened one, so nothing can have run. */
export interface NoChannel {
  readonly refused: boolean;
  readonly reason: string;
}

/** Opens a channel and starts `line`: two round trips, no pty. */
export function openChannel(client: Client, line: string): Promise<ClientChannel | NoChannel> {
  return new Promise((resolve) => {
    try {
      client.exec(line, (error, channel) => {
        if (error === undefined || error === null) return resolve(channel);
        const refused = typeof (error as { reason?: unknown }).reason === "number";
        resolve({ refused, reason: error.message });
      });
    } catch (error) {
      resolve({ refused: false, reason: error instanceof Error ? error.message : String(error) });
    }
  });
}

export interface Run {
  readonly input: Uint8Array;
  readonly payload: AsyncIterable<Uint8Array> | undefined;
  /** Resolves when the connection is gone or given up, with the reason. */
  readonly lost: Promise<string>;
  /** The reason, where the connection is gone already. */
  readonly lostReason: () => string | undefined;
}

/** Carries a started command to its end. Only a status that came with an orderly close counts as read. */
export async function runChannel(
  channel: ClientChannel,
  run: Run,
  options: ExecOptions,
): Promise<ExecResult> {
  const capture = new Capture(options);
  capture.listen("stdout", channel);
  capture.listen("stderr", channel.stderr);
  const ended = endOf(channel, run.lostReason);
  const stopped = whenAborted(options.signal);
  const unread = new Promise<Ended>((resolve) => {
    feed(channel, run.input, run.payload, Promise.race([ended, stopped.promise, run.lost])).catch((error) => {
      // The remote must not take a cut payload for a whole one: digests say so, and a signal helps where it is heard.
      channel.signal("TERM");
      resolve({ status: "unknown", reason: `the payload could not be read: ${messageOf(error)}` });
    });
  });
  const lost = run.lost.then((reason): Ended => ({ status: "unknown", reason }));
  const result = await Promise.race([ended, unread, stopped.promise, lost]);
  stopped.dispose();
  if (result.status === "unknown") channel.close();
  return capture.finish(result);
}

function endOf(channel: ClientChannel, lostReason: () => string | undefined): Promise<Ended> {
  let seen: Ended | undefined;
  channel.on("exit", (code: number | null, signal?: string) => {
    seen = code === null ? { status: "signalled", signal: signal ?? "unknown" } : { status: "exited", code };
  });
  const closed = (stream: NodeJS.EventEmitter) =>
    new Promise<void>((resolve) => stream.once("close", resolve));
  return Promise.all([closed(channel), closed(channel.stderr)]).then((): Ended => {
    const lost = lostReason();
    if (lost !== undefined) return { status: "unknown", reason: lost };
    return seen ?? { status: "unknown", reason: "the command ended without an exit status" };
  });
}

/** Resolves when the signal is aborted; `dispose` forgets the listener. */
export function whenAborted(signal: AbortSignal | undefined): {
  readonly promise: Promise<Ended>;
  readonly dispose: () => void;
} {
  let dispose = (): void => {};
  const promise = new Promise<Ended>((resolve) => {
    const stop = () => resolve({ status: "unknown", reason: "stopped waiting" });
    if (signal?.aborted === true) return stop();
    signal?.addEventListener("abort", stop, { once: true });
    dispose = () => signal?.removeEventListener("abort", stop);
  });
  return { promise, dispose };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export { unknownResult };
