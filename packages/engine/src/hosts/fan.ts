import { unframed } from "@deploy/remote";
import type { ExecOptions } from "@deploy/transport";
import type { Context } from "../context.ts";
import type { Of, Told } from "../ledger.ts";
import type { Answer } from "./ask.ts";
import { type Link, linkOf } from "./fleet.ts";

/**
 * Runs one step on many hosts at once and waits for all of them: one host's failure hides no other's.
 * True when every host is ok.
 */
export async function everyHost<T>(
  context: Context,
  of: Of,
  hosts: readonly string[],
  work: (link: Link) => Promise<Answer<T>>,
  detail: (value: T) => string | Told,
): Promise<boolean> {
  if (hosts.length === 0) return true;
  context.ledger.begin(of, hosts);
  const answers = await Promise.all(
    hosts.map((host) => context.ledger.book(host, of, () => work(linkOf(context.fleet, host)), detail)),
  );
  return answers.every(({ status }) => status === "ok");
}

/**
 * Shows a command's output under its host while it runs, and stops waiting when the run is cancelled. Where
 * stdout carries an answer for us, only stderr is for people.
 */
export function watched(
  { control: { events, signal } }: Context,
  link: Link,
  { step }: Of,
  shown: readonly ("stdout" | "stderr")[] = ["stdout", "stderr"],
): () => ExecOptions {
  return () => {
    const clean = { stdout: unframed(), stderr: unframed() };
    return {
      signal,
      onOutput: (stream, piece) => {
        const text = shown.includes(stream) ? clean[stream](piece) : "";
        if (text !== "") events({ kind: "output", host: link.host.name, step, text });
      },
      onNote: (text) => events({ kind: "note", host: link.host.name, text }),
    };
  };
}

export function note({ control }: Pick<Context, "control">, link: Link, text: string): void {
  control.events({ kind: "note", host: link.host.name, text });
}
