import type { RemoteCommand } from "@deploy/remote";
import type { ExecOptions, Transport } from "@deploy/transport";
import type { Fault } from "./world.ts";

/** One exec: when it was issued and when it had ended, in the order of all such events. */
export interface Call {
  readonly host: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly begin: number;
  end: number;
}

/** Writes down every exec of every host it is put on. */
export function recorder(): { readonly calls: readonly Call[]; readonly fault: Fault } {
  const calls: Call[] = [];
  let events = 0;
  const fault = around("", async (transport, command, options) => {
    const { name, args } = command;
    const call: Call = {
      host: transport.host.name,
      name,
      args,
      begin: events++,
      end: Number.POSITIVE_INFINITY,
    };
    calls.push(call);
    const result = await transport.exec(command, options);
    call.end = events++;
    return result;
  });
  return { calls, fault };
}

type Exec = (
  transport: Transport,
  command: RemoteCommand<unknown>,
  options: ExecOptions | undefined,
) => ReturnType<Transport["exec"]>;

/** Commands whose name begins so go through `exec`. */
export function around(name: string, exec: Exec): Fault {
  return (inner) => ({
    host: inner.host,
    http: (probe, signal) => inner.http(probe, signal),
    close: () => inner.close(),
    exec: (command, options) =>
      command.name.startsWith(name) ? exec(inner, command, options) : inner.exec(command, options),
  });
}

/**
 * How many execs had to end, one after the other, before each one could be issued, itself counted: what was asked for only after
 * another's answer, on whichever host. What others are asked at the same step is no such answer, however long one of them takes.
 */
export function depths(calls: readonly Call[]): ReadonlyMap<Call, number> {
  const depth = new Map<Call, number>();
  for (const call of [...calls].sort((a, b) => a.begin - b.begin)) {
    const before = calls
      .filter(({ end, host, name }) => end < call.begin && (host === call.host || name !== call.name))
      .map((other) => depth.get(other) ?? 0);
    depth.set(call, 1 + Math.max(0, ...before));
  }
  return depth;
}

/** The end of a command whose connection is gone. */
export const lost = {
  status: "unknown",
  reason: "connection reset",
  stdout: "",
  stderr: "",
  dropped: 0,
} as const;

/** A promise and the key to it. */
export function latch(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
