import { duration, type Evidence, type Problem, type StepCommand } from "@deploy/core";
import { type ExecResult, runUserCommand } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, ask } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";

/** Bytes of what one command printed, the last ones, that are shown. */
const most = 4_000;

/** Milliseconds that a host has to say that a command's time is over. */
const grace = 5_000;

/** A failed answer of a host, with what the configured commands say of it. Nothing that they do changes the answer. */
export async function diagnosed<T>(context: Context, link: Link, answer: Answer<T>): Promise<Answer<T>> {
  const { diagnose = [] } = context.plan;
  const mine = diagnose.filter(({ hosts }) => hosts.includes(link.host.name));
  if (answer.status !== "failed" || mine.length === 0) return answer;
  const said = await Promise.all(mine.map((command) => sayOf(context, link, command)));
  return { ...answer, problem: withEvidence(answer.problem, said) };
}

export function withEvidence(problem: Problem, more: readonly Evidence[]): Problem {
  return { ...problem, evidence: [...(problem.evidence ?? []), ...more] };
}

async function sayOf(context: Context, link: Link, command: StepCommand): Promise<Evidence> {
  const { run, timeout = 0 } = command;
  const result = await lookAt(context, link, command);
  const ended = typeof result === "string" ? result : endOf(result, timeout);
  const said = typeof result === "string" ? "" : result.stdout.slice(-most).trimEnd();
  return { title: `${run} (${ended})`, text: said === "" ? "(it printed nothing)" : said };
}

/** What timeout(1) ends with: its own code, or that of the signal. */
const endings = new Set([124, 137, 143]);

function endOf({ status, code }: ExecResult & { readonly status: "exited" }, timeout: number): string {
  return endings.has(code) ? `ended after ${duration(timeout)}` : `${status} ${code}`;
}

/** Both streams of a command in the live folder, which writes nothing of its own; a text: why there is no answer. */
export async function lookAt(
  context: Context,
  link: Link,
  { run, timeout = grace, envFile }: StepCommand,
): Promise<(ExecResult & { readonly status: "exited" }) | string> {
  const command = runUserCommand({
    ...{ fence: context.fence(), release: context.plan.release, directory: "current" },
    ...{ run: `{ ${run}\n} 2>&1`, step: "reading", timeout },
    ...(envFile === undefined ? {} : { envFile }),
  });
  const { clock, signal } = context.control;
  const [late, over] = [new AbortController(), new AbortController()];
  const waited = clock.sleep(timeout + grace, over.signal).then(() => late.abort());
  const read = { ...command, parse: (result: ExecResult & { status: "exited" }) => result };
  const answer = await ask(link, read, () => ({
    ...{ signal: AbortSignal.any([signal, late.signal]), capture: most },
  }));
  over.abort();
  await waited;
  return answer.status === "ok" ? answer.value : answer.problem.message;
}
