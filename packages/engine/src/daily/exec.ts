import { makeProblem } from "@deploy/core";
import { type ExecCommand, endCommand, execCommand, holdCommand, unframed } from "@deploy/remote";
import type { Clock, ExecOptions } from "@deploy/transport";
import { type Answer, ask, askSurely } from "../hosts/ask.ts";
import { type Fleet, type Link, linkOf } from "../hosts/fleet.ts";
import { tieTo } from "../steps/tie.ts";

export interface ExecRequest extends ExecCommand {
  /** Unique, in hex. */
  readonly id: string;
  /** Only looks: also where nothing is live. */
  readonly reading?: boolean;
  /** What the command reads; without it, nothing. */
  readonly input?: AsyncIterable<Uint8Array>;
}

/** How it is heard and ended. `sink` takes stdout as it is, `onOutput` what is for people. */
export type Hearing = Pick<ExecOptions, "sink" | "onOutput" | "onNote"> & {
  readonly signal: AbortSignal;
  readonly clock: Clock;
};

/** A person's command on one host: its exit code. An aborted signal ends it there, with all that it started, and waits for that. */
export async function execOn(
  fleet: Fleet,
  host: string,
  request: ExecRequest,
  hearing: Hearing,
): Promise<Answer<number>> {
  const link = linkOf(fleet, host);
  const { input, id } = request;
  const { signal, clock } = hearing;
  const how = input !== undefined ? "fed" : request.reading === true ? "reading" : "tied";
  const command = execCommand(request, { id, how });
  const tie = input === undefined ? tieTo(signal, clock) : endBy(link, request, input, hearing);
  const options = { ...plain(hearing), ...tie.options };
  const hold = input === undefined ? undefined : holdBy(link, request, clock);
  const answer = await ask(link, command, () => options);
  tie.loose();
  hold?.loose();
  if (answer.status !== "unknown" || !signal.aborted) return answer;
  const message = `whether \`${request.run}\` ended was not learned, it may go on on ${host}`;
  return {
    status: "unknown",
    problem: makeProblem("command-left-running", message, { place: { host } }),
  };
}

/** Our own frames are no output. */
function plain({ sink, onOutput, onNote }: Hearing): ExecOptions {
  const clean = { stdout: unframed(), stderr: unframed() };
  return {
    ...(sink === undefined ? {} : { sink }),
    ...(onNote === undefined ? {} : { onNote }),
    ...(onOutput === undefined ? {} : { onOutput: (name, text) => onOutput(name, clean[name](text)) }),
    capture: 16_384,
  };
}

/** Beside it on the same connection: what is lost with one ends the other. A host that allows no second session goes without. */
function holdBy(link: Link, { base, id }: ExecRequest, clock: Clock) {
  const tie = tieTo(new AbortController().signal, clock);
  void ask(link, holdCommand(base, id), () => tie.options);
  return tie;
}

/** stdin is the command's, and cannot tell its end as well: that is asked for beside it. */
function endBy(
  link: Link,
  { base, id }: ExecRequest,
  input: AsyncIterable<Uint8Array>,
  { signal, clock }: Hearing,
) {
  const over = new AbortController();
  const late = new AbortController();
  const end = async (): Promise<void> => {
    if ((await askSurely(link, endCommand(base, id))).status === "ok")
      await clock.sleep(patience, over.signal);
    late.abort();
  };
  const begin = (): void => void end();
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  const loose = (): void => {
    signal.removeEventListener("abort", begin);
    over.abort();
  };
  return { options: { input, signal: late.signal }, loose };
}

/** Milliseconds between a command's end and the word of it. */
const patience = 5_000;
