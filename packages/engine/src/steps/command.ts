import { duration, makeProblem, roughly } from "@deploy/core";
import {
  type Carried,
  carriedIn,
  type RemoteCommand,
  runUserCommand,
  type UserCommand,
} from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, ask, failed } from "../hosts/ask.ts";
import { note, watched } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import type { Of } from "../ledger.ts";
import { type Tie, tieTo } from "./tie.ts";

/** What a step says of its command. */
type Given = Pick<UserCommand, "run" | "envFile" | "timeout" | "required"> & {
  readonly shown?: string;
  /** Of `required`. */
  readonly heard?: (carried: Carried) => void;
};

/**
 * A configured command on one host: ok where it exited with 0. A run that is cancelled ends it in a release's folder, and waits for
 * that. In the live one it is left to its end: half a reload may be an application that is stopped and not started.
 */
export async function runOn(
  context: Context,
  link: Link,
  of: Of,
  { run, shown = run, envFile, timeout, required, heard }: Given,
  directory: UserCommand["directory"],
): Promise<Answer<number>> {
  const { clock, signal } = context.control;
  const began = clock.now();
  const tie = directory === "release" ? tieTo(signal, clock) : undefined;
  const asked = runUserCommand({
    fence: context.fence(),
    release: context.plan.release,
    directory,
    run,
    step: of.step,
    tied: tie !== undefined,
    ...(envFile === undefined ? {} : { envFile }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(required === undefined ? {} : { required }),
  });
  const command: RemoteCommand<number> = {
    ...asked,
    parse: (result) => {
      if (required !== undefined) heard?.(carriedIn(result));
      return asked.parse(result);
    },
  };
  const reason: Reason = { text: "" };
  const answer = await askAloud(context, link, of, shown, command, { tie, reason });
  tie?.loose();
  if (answer.status === "unknown" && signal.aborted) return left(link, shown);
  if (answer.status !== "ok" || answer.value === 0) return answer;
  const exitCode = answer.value;
  if (signal.aborted && tie !== undefined && exitCode === ended)
    return { ...failed(link, makeProblem("command-ended", `cancelled: \`${shown}\` was ended`)), exitCode };
  const late = timeout !== undefined && clock.now() - began >= timeout && endings.has(exitCode);
  const why = reason.text === "" ? "" : `: ${reason.text}`;
  const message = late
    ? `\`${shown}\` was not over after ${duration(timeout)}, its \`timeout\`, and was ended`
    : `\`${shown}\` exited ${exitCode}${why}`;
  return { ...failed(link, makeProblem("command-failed", message)), exitCode };
}

/** What the host says of a command that it ended. */
const ended = 143;

function left({ host }: Link, run: string): Answer<never> {
  const message = `cancelled: whether \`${run}\` ended was not learned, it may go on on ${host.name}`;
  return {
    status: "unknown",
    problem: makeProblem("command-left-running", message, { place: { host: host.name } }),
  };
}

/** What timeout(1) ends with: its own code, or that of the signal. */
const endings = new Set([124, 137, 143]);

/** What a check of ours said on stderr, behind `deploy: `; output may be anything, so that only such a line is shown. */
interface Reason {
  text: string;
}

/** Milliseconds without output after which that is told, again and again. */
const silence = 60_000;

async function askAloud(
  context: Context,
  link: Link,
  of: Of,
  run: string,
  command: RemoteCommand<number>,
  { tie, reason }: { readonly tie: Tie | undefined; readonly reason: Reason },
): Promise<Answer<number>> {
  const { clock } = context.control;
  let heard = clock.now();
  const options = watched(context, link, of);
  const over = new AbortController();
  const tell = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await clock.sleep(silence, over.signal);
      const silent = clock.now() - heard;
      if (over.signal.aborted || silent < silence) continue;
      note(context, link, `no output of \`${run}\` for ${roughly(silent)}: it still runs`);
    }
  };
  const telling = tell();
  try {
    return await ask(link, command, () => {
      const { onOutput, ...rest } = options();
      const hear: typeof onOutput = (stream, text) => {
        heard = clock.now();
        if (stream === "stderr") reason.text = /^deploy: (.{1,300})$/m.exec(text)?.[1] ?? reason.text;
        onOutput?.(stream, text);
      };
      return { ...rest, ...tie?.options, onOutput: hear };
    });
  } finally {
    over.abort();
    await telling;
  }
}
