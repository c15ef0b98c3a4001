import { DeployError } from "@deploy/core";
import type { RemoteCommand } from "./command.ts";
import { encode, quote } from "./quote.ts";

export interface Rendered {
  /** For the login shell of the host. */
  readonly line: string;
  /** Goes to stdin before the payload. */
  readonly input: Uint8Array;
}

/** A single argument of a process is at most 128 KiB on Linux, and the line is one. */
const longest = 120_000;

/**
 * The one place where text is made from a command. The script travels on stdin and is run only once it
 * is there: whole by count where a payload follows, up to
 * the end otherwise. A script that never arrives, because a login file ate stdin, ends 70 and not 0.
 */
export function render(command: RemoteCommand<unknown>): Rendered {
  const input = new TextEncoder().encode(command.script);
  const read = command.payload ? exactly(String(input.length)) : "cat";
  const line = `sh -c 'eval "$(${read})"; exit 70' sh${quoted(command)}`;
  if (line.length > longest) {
    throw new DeployError("argument-refused", `${command.name} has ${line.length} bytes of arguments`, {
      hint: `At most ${longest} fit: put long commands into a script in the release.`,
    });
  }
  return { line, input };
}

/** For the login shell: starts what waits for any command, which `late` gives it. One that never comes ends it, with 70. */
export const waiting = `sh -c 'read -r size && eval "$(${exactly("$size")})"; exit 70' sh`;

/** A command for what waits: its size on a line, then as much, which sets the arguments by itself. */
export function late(command: RemoteCommand<unknown>): Uint8Array {
  const text = Buffer.from(`set --${quoted(command)}\n${command.script}`);
  return Buffer.concat([Buffer.from(`${text.length}\n`), text]);
}

function quoted({ args }: RemoteCommand<unknown>): string {
  return args.map((arg) => ` ${quote(encode(arg))}`).join("");
}

/**
 * Takes exactly these bytes. One by one where dd cannot fill a block (it refuses the word before it reads): 20,000
 * reads are 10 ms of a host's time.
 */
function exactly(size: string): string {
  return `dd bs=${size} count=1 iflag=fullblock 2>/dev/null || dd ibs=1 obs=${size} count=${size} 2>/dev/null`;
}
