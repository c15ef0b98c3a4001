import { makeProblem } from "@deploy/core";
import { consoleCommand, type ExecCommand } from "@deploy/remote";
import type { Terminal } from "@deploy/transport";
import { type Answer, failed } from "../hosts/ask.ts";
import { type Fleet, linkOf } from "../hosts/fleet.ts";

/** Ties a person's terminal to a program on one host until it ends: its exit code. An aborted signal hangs up. */
export async function consoleOn(
  fleet: Fleet,
  host: string,
  command: Omit<ExecCommand, "run"> & { readonly run?: string },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Answer<number>> {
  const link = linkOf(fleet, host);
  const result = await link.transport?.interact?.(consoleCommand(command), terminal, signal);
  if (result?.status === "exited") return { status: "ok", value: result.code };
  const why = result === undefined ? "there is no terminal over this connection" : endOf(result);
  return failed(link, link.problem ?? makeProblem("connection-lost", `console: ${why}`));
}

function endOf(result: {
  readonly status: string;
  readonly reason?: string;
  readonly signal?: string;
}): string {
  return result.reason ?? `it was ended by signal ${result.signal}`;
}
