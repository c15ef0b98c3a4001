import type { Ended, ExecResult } from "@deploy/remote";
import type { Client, ClientChannel } from "ssh2";
import { carry, type Running, type Sent } from "../carry.ts";
import type { ExecOptions } from "../port.ts";
import { holdWindow, terminate } from "./channelInside.ts";

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

export interface Connection {
  /** Resolves when the connection is gone or given up, with the reason. */
  readonly lost: Promise<string>;
  /** The reason, where the connection is gone already. */
  readonly lostReason: () => string | undefined;
}

/** Carries a started command to its end. Only a status that came with an orderly close counts as read. */
export async function runChannel(
  channel: ClientChannel,
  { lost, lostReason }: Connection,
  sent: Sent,
  options: ExecOptions,
): Promise<ExecResult> {
  const running: Running = {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended: endOf(channel, lostReason),
    lost,
    terminate: () => terminate(channel),
  };
  if (options.sink !== undefined) holdWindow(channel);
  const result = await carry(running, sent, options);
  if (result.status === "unknown") channel.close();
  return result;
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
