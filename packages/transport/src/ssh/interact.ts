import type { Ended, ExecResult } from "@deploy/remote";
import type { ClientChannel, PseudoTtyOptions, TerminalModes } from "ssh2";
import { unknownResult } from "../capture.ts";
import type { Terminal } from "../port.ts";
import { type Connection, endOf, exitOf } from "./exec.ts";

/** The host's terminal is raw (RFC 4254, 8: modes) until the script has come through it; the script then makes it sane. */
export function ptyOf(terminal: Terminal): PseudoTtyOptions {
  const { columns: cols, rows } = terminal.size();
  const modes: TerminalModes = { ECHO: 0, ICANON: 0, ISIG: 0, ICRNL: 0, IXON: 0 };
  return { term: terminal.kind, cols, rows, width: 0, height: 0, modes };
}

/** Ties a command's terminal to a person's until it ends, the connection is gone or the signal hangs up. */
export async function runTerminal(
  channel: ClientChannel,
  { lost, lostReason }: Connection,
  script: Uint8Array,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<ExecResult> {
  const exited = exitOf(channel);
  channel.stderr.resume();
  channel.on("error", () => {});
  channel.write(script);
  terminal.input.pipe(channel);
  channel.pipe(terminal.output, { end: false });
  const forget = terminal.onResize(() => {
    const { columns, rows } = terminal.size();
    channel.setWindow(rows, columns, 0, 0);
  });
  const stop = (): void => channel.close();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();
  const cut = lost.then((reason): Ended => ({ status: "unknown", reason }));
  const ended = await Promise.race([endOf(channel, exited, lostReason), cut]);
  signal?.removeEventListener("abort", stop);
  forget();
  terminal.input.unpipe(channel);
  channel.unpipe(terminal.output);
  return { ...unknownResult(""), ...ended };
}
