import type { ReadStream, WriteStream } from "node:tty";
import type { Terminal } from "@deploy/transport";

/** Where whoever calls us sits. */
export interface Desk extends Terminal {
  /** Every key as it is pressed, and Ctrl-C a key as any; Node itself ends that where the process exits. */
  raw(on: boolean): void;
}

/** The process's terminal; undefined where one end of it is none. */
export function deskOf(stdin: ReadStream, stdout: WriteStream, kind = "xterm"): Desk | undefined {
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  return {
    kind,
    input: stdin,
    output: stdout,
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    onResize(changed) {
      stdout.on("resize", changed);
      return () => stdout.off("resize", changed);
    },
    raw(on) {
      stdin.setRawMode(on);
      if (!on) stdin.pause();
    },
  };
}
