import type { Ended, ExecResult } from "@deploy/remote";
import type { Client, ClientChannel, PseudoTtyOptions } from "ssh2";
import { carry, type Running, type Sent } from "../carry.ts";
import type { Clock } from "../clock.ts";
import type { ExecOptions } from "../port.ts";
import { holdWindow, terminate } from "./channelInside.ts";

/** Why no channel: `refused` means that the server never opened one, so nothing can have run. */
export interface NoChannel {
  readonly refused: boolean;
  readonly reason: string;
}

/** Opens a channel and starts `line`: two round trips, no pty unless told. */
export function openChannel(
  client: Client,
  line: string,
  pty?: PseudoTtyOptions,
): Promise<ClientChannel | NoChannel> {
  return new Promise((resolve) => {
    try {
      client.exec(line, pty === undefined ? {} : { pty }, (error, channel) => {
        if (error === undefined || error === null) return resolve(channel);
        const refused = typeof (error as { reason?: unknown }).reason === "number";
        resolve({ refused, reason: error.message });
      });
    } catch (error) {
      resolve({ refused: false, reason: error instanceof Error ? error.message : String(error) });
    }
  });
}

export interface Connection {
  /** Resolves when the connection is gone or given up, with the reason. */
  readonly lost: Promise<string>;
  /** The reason, where the connection is gone already. */
  readonly lostReason: () => string | undefined;
}

/** Carries a started command to its end. A status counts as read where the connection outlives its channel, or its grace. */
export async function runChannel(
  channel: ClientChannel,
  { lost, lostReason }: Connection,
  sent: Sent,
  options: ExecOptions,
  clock: Clock,
): Promise<ExecResult> {
  const exited = exitOf(channel);
  const running: Running = {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    exited,
    ended: endOf(channel, exited, lostReason),
    lost,
    terminate: () => terminate(channel),
    abandon: () => channel.close(),
  };
  if (options.sink !== undefined) holdWindow(channel);
  const result = await carry(running, sent, options, clock);
  if (result.status === "unknown") channel.close();
  return result;
}

export function exitOf(channel: ClientChannel): Promise<Ended> {
  return new Promise((resolve) => {
    channel.on("exit", (code: number | null, signal?: string) => {
      resolve(
        code === null ? { status: "signalled", signal: signal ?? "unknown" } : { status: "exited", code },
      );
    });
  });
}

export function endOf(
  channel: ClientChannel,
  exited: Promise<Ended>,
  lostReason: () => string | undefined,
): Promise<Ended> {
  const closed = (stream: NodeJS.EventEmitter) =>
    new Promise<void>((resolve) => stream.once("close", resolve));
  return Promise.all([closed(channel), closed(channel.stderr)]).then((): Ended | Promise<Ended> => {
    const lost = lostReason();
    if (lost !== undefined) return { status: "unknown", reason: lost };
    const none: Ended = { status: "unknown", reason: "the command ended without an exit status" };
    return Promise.race([exited, none]);
  });
}
