import { makeProblem, type Problem, problemOf } from "@deploy/core";
import type { RemoteCommand } from "@deploy/remote";
import type { ExecOptions } from "@deploy/transport";
import type { Link } from "./fleet.ts";

/** `unknown`: the command may have run or not; only reading the host can tell. */
export type Answer<T> =
  | { readonly status: "ok"; readonly value: T }
  | {
      readonly status: "failed" | "unknown";
      readonly problem: Problem;
      /** Of a user's command, where one was read. */
      readonly exitCode?: number;
      /** What the host serves all the same, where that is a fact. */
      readonly live?: string | null;
    };

/** Made anew for each attempt, since a stream can be read once. */
export type ExecOptionsOf = () => ExecOptions;

/** Runs a command once; what it did wrong is in the answer, never thrown. */
export async function ask<T>(
  link: Link,
  command: RemoteCommand<T>,
  options: ExecOptionsOf = () => ({}),
): Promise<Answer<T>> {
  if (link.transport === undefined)
    return { status: "unknown", problem: lost(link, command, "not connected") };
  const result = await link.transport.exec(command, options());
  if (result.status === "unknown" && result.refused)
    return failed(link, makeProblem("channel-refused", `${command.name}: ${result.reason}`));
  if (result.status === "unknown") return { status: "unknown", problem: lost(link, command, result.reason) };
  if (result.status === "signalled") return failed(link, killed(command, result.signal));
  try {
    return { status: "ok", value: command.parse(result) };
  } catch (error) {
    return failed(link, problemOf(error));
  }
}

/** What went wrong was on this host. */
export function failed({ host }: Link, problem: Problem): Answer<never> & { readonly status: "failed" } {
  return { status: "failed", problem: { ...problem, place: { host: host.name, ...problem.place } } };
}

/** As `ask`; where the connection died and the command may be repeated, connects again and repeats it once. */
export async function askSurely<T>(
  link: Link,
  command: RemoteCommand<T>,
  options: ExecOptionsOf = () => ({}),
): Promise<Answer<T>> {
  const first = await ask(link, command, options);
  if (first.status !== "unknown" || command.kind === "once") return first;
  if (options().signal?.aborted === true) return first;
  return (await link.reconnect()) ? ask(link, command, options) : first;
}

function lost(link: Link, command: RemoteCommand<unknown>, reason: string): Problem {
  if (link.transport === undefined && link.problem !== undefined) return link.problem;
  return makeProblem(
    "connection-lost",
    `${command.name}: ${reason}; whether it ran to its end could not be read`,
    { place: { host: link.host.name } },
  );
}

function killed(command: RemoteCommand<unknown>, signal: string): Problem {
  return makeProblem("command-killed", `${command.name} was ended by signal ${signal}`);
}
