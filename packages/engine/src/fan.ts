import type { OutcomeStep } from "@deploy/core";
import type { ExecOptions } from "@deploy/transport";
import type { Answer } from "./ask.ts";
import type { Context } from "./context.ts";
import type { Link } from "./fleet.ts";
import { linkOf } from "./fleet.ts";
import type { Told } from "./ledger.ts";

/**
 * Runs one step on many hosts at once and waits for all of them: one host's failure hides no other's.
 * True when every host is ok.
 */
export async function everyHost<T>(
  context: Context,
  step: OutcomeStep,
  hosts: readonly string[],
  work: (link: Link) => Promise<Answer<T>>,
  detail: (value: T) => string | Told,
): Promise<boolean> {
  if (hosts.length === 0) return true;
  context.ledger.begin(step, hosts);
  const answers = await Promise.all(
    hosts.map((host) => context.ledger.book(host, step, () => work(linkOf(context.fleet, host)), detail)),
  );
  return answers.every(({ status }) => status === "ok");
}

/**
 * Shows a command's output under its host while it runs, and stops waiting when the run is cancelled. Where
 * stdout carries an answer for us, only stderr is for people.
 */
export function watched(
  context: Context,
  link: Link,
  step: OutcomeStep,
  shown: readonly ("stdout" | "stderr")[] = ["stdout", "stderr"],
): () => ExecOptions {
  const { events, signal } = context.options;
  return () => ({
    signal,
    onOutput: (stream, text) => {
      if (shown.includes(stream)) events({ kind: "output", host: link.host.name, step, text });
    },
  });
}
