import { DeployError } from "@deploy/core";
import { Begin, type ExecResult, type Fence, type RsyncStaged, rsyncStage } from "@deploy/remote";
import type { Transport } from "../port.ts";
import { rsyncArguments } from "./ask.ts";
import { type ClientEnd, RsyncClient } from "./client.ts";
import { rsyncFailure } from "./failure.ts";
import { type RsyncStats, statsOf } from "./stats.ts";

export interface RsyncSend {
  readonly transport: Transport;
  readonly fence: Fence;
  readonly release: string;
  /** A folder of this machine, absolute: the tree as it shall be on the host, modes and times included. */
  readonly folder: string;
  /** A whole release on the host, whose files are reused. */
  readonly from: string | null;
  readonly unchanged: "copy" | "link";
  readonly signal: AbortSignal;
  /** Bytes sent so far. */
  readonly onBytes: (sent: number) => void;
  /** `rsync` unless told. */
  readonly program?: string;
}

export interface RsyncSent {
  /** Bytes that went to the host. */
  readonly sent: number;
  /** Absent: nothing was sent, since the release is there already, or in a dry run. */
  readonly stats?: RsyncStats;
  /** Files that are hard links to those of `from`: counted on the host, since some versions make none and do not say so. */
  readonly linked: number;
}

/** Milliseconds that one end may take to notice that the other has ended. */
const patience = 20_000;

/**
 * Brings a folder into the host's staging folder, over the connection that is there already: this machine's rsync talks to
 * the host's through us. Throws what the host refused, `connection-lost`, `disk-full`, `write-failed`, `rsync-failed`.
 */
export async function sendByRsync(options: RsyncSend): Promise<RsyncSent> {
  const { signal, program = "rsync" } = options;
  const client = new RsyncClient(program, rsyncArguments(options));
  const stop = () => client.stop("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (signal.aborted) throw lost(options, "stopped waiting");
    const args = await client.asked();
    if (args === undefined) throw unusable(program, await client.ended);
    return await talk(options, client, args);
  } finally {
    signal.removeEventListener("abort", stop);
    client.stop("SIGKILL");
  }
}

async function talk(options: RsyncSend, client: RsyncClient, args: readonly string[]): Promise<RsyncSent> {
  const { transport, fence, release, from } = options;
  const command = rsyncStage({ fence, release, from, args });
  const stuck = new AbortController();
  const timer = after(client.ended, () => stuck.abort());
  let first: ClientEnd | undefined;
  void client.ended.then((end) => {
    first = end;
  });
  const begin = new Begin();
  const counter = { sent: 0 };
  const result = await transport.exec(command, {
    input: counted(client.bytes(), counter, options.onBytes),
    sink: async (chunk) => {
      const bytes = begin.after(chunk);
      if (bytes === undefined) throw new Error("the host prints something else, and a lot of it");
      if (bytes.length > 0) await client.take(bytes);
    },
    signal: AbortSignal.any([options.signal, stuck.signal]),
  });
  timer.stop();
  const before = first;
  client.finish();
  // A dry run: nobody was there to talk to.
  if (!begin.seen && result.status === "exited" && result.code === 0) return { sent: 0, linked: 0 };
  if (result.status === "unknown") client.stop("SIGTERM");
  const slow = after(Promise.resolve(), () => client.stop("SIGKILL"));
  const end = await client.ended;
  slow.stop();
  const ended = { client: end, server: result, sent: counter.sent, first: before !== undefined };
  return settle(options, ended, command.parse);
}

interface Ended {
  readonly client: ClientEnd;
  readonly server: ExecResult;
  readonly sent: number;
  /** The client had ended before the host had. */
  readonly first: boolean;
}

type Parse = (result: ExecResult & { status: "exited" }) => RsyncStaged;

/** Whole only where both ends say so; what the host's script refused wins over what rsync made of it. */
function settle(options: RsyncSend, { client, server, sent, first }: Ended, parse: Parse): RsyncSent {
  const host = options.transport.host.name;
  const failure = () => rsyncFailure({ host, client, server });
  if (server.status === "unknown") {
    if (server.refused)
      throw new DeployError("channel-refused", `rsync: ${server.reason}`, { place: { host } });
    throw first && !options.signal.aborted ? failure() : lost(options, server.reason);
  }
  if (server.status === "signalled") throw failure();
  const { status, linked } = staged(host, server, parse, failure);
  if (status === "already") return { sent: 0, linked: 0 };
  const stats = statsOf(client.stdout);
  if (client.code !== 0 || stats === undefined) throw failure();
  return { sent, linked, stats };
}

function staged(
  host: string,
  server: ExecResult & { status: "exited" },
  parse: Parse,
  failure: () => DeployError,
): RsyncStaged {
  try {
    return parse(server);
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const { code, message, ...move } = error.problem;
    if (code === "rsync-failed" || code === "answer-unreadable") throw failure();
    throw new DeployError(code, message, { ...move, place: { host }, cause: error });
  }
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  counter: { sent: number },
  onBytes: (sent: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    yield chunk;
    counter.sent += chunk.length;
    onBytes(counter.sent);
  }
}

/** Calls `act` when this was over for too long, unless it is stopped. */
function after(promise: Promise<unknown>, act: () => void): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  void promise.then(() => {
    if (!stopped) timer = setTimeout(act, patience).unref();
  });
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function lost({ transport }: RsyncSend, reason: string): DeployError {
  const message = `rsync: ${reason}; whether it ran to its end could not be read`;
  return new DeployError("connection-lost", message, { place: { host: transport.host.name } });
}

/** It ended before it asked for anything: it is no rsync, or none that knows our options. */
function unusable(program: string, { code, reason, stderr }: ClientEnd): DeployError {
  const words = `${reason} ${stderr}`.replaceAll(/\s+/g, " ").trim().slice(0, 300);
  return new DeployError("rsync-unusable", `${program} of the runner ended ${code ?? "at once"}: ${words}`);
}
