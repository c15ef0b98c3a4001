import { makeProblem, type Problem, type StepOf } from "@deploy/core";
import { type ArmedFlip, armedWatcher, armFlip, type FlipOptions, flip, goLine } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, ask, askSurely, failed } from "../hosts/ask.ts";
import { type Link, linkOf } from "../hosts/fleet.ts";
import { plannedOf } from "../hosts/planned.ts";
import type { Told } from "../ledger.ts";
import { Barrier } from "./barrier.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"switch"> = {
  run: switchAll,
  /** The plain compare-and-swap, the other way: a host that goes back waits for nobody. */
  undo: (context, _, link, to) =>
    askSurely(
      link,
      flip({
        fence: context.fence(),
        expect: plannedOf(context.plan, link.host.name).to,
        to,
        step: "revert",
      }),
    ),
};

/** Milliseconds from the first host that is ready until the last one is; a host gives up by itself five seconds later. */
const patience = 15_000;

/**
 * Every host checks, takes its mutex and makes its new link; once all of them are that far, all are told to rename it at the
 * same moment. Where one is not, nobody is told, and each takes back what it made. True: all switched.
 */
async function switchAll(context: Context, step: StepOf<"switch">): Promise<boolean> {
  const { fleet, ledger, window, control, plan } = context;
  const { hosts } = step;
  ledger.begin(step, hosts);
  const barrier = new Barrier(hosts, () => open(context));
  const watch = watchBarrier(context, barrier);
  const answers = await Promise.all(
    hosts.map((host) => {
      const work = () => switchOne(context, linkOf(fleet, host), barrier, watch.first);
      return ledger.book(host, step, work, (flipped) => wordsOf(plan.release, barrier, flipped));
    }),
  );
  watch.end();
  if (barrier.isOpen) window.last = control.clock.now();
  return barrier.isOpen && answers.every(({ status }) => status === "ok");
}

/** The moment at which servers begin to change. */
function open({ stopped, window, control }: Context): boolean {
  if (stopped()) return false;
  window.first ??= control.clock.now();
  return true;
}

/** Shuts the barrier when the run is cancelled, and where some are ready (`first`) and others are not for too long. */
function watchBarrier({ control }: Context, barrier: Barrier) {
  const over = new AbortController();
  const cancel = () => barrier.shut("the run was cancelled");
  control.signal.addEventListener("abort", cancel, { once: true });
  let waiting = false;
  const wait = async () => {
    await control.clock.sleep(patience, over.signal);
    if (!over.signal.aborted) barrier.giveUp(`not ready within ${patience / 1000} s`);
  };
  return {
    first: () => {
      if (!waiting) void wait();
      waiting = true;
    },
    end: () => {
      control.signal.removeEventListener("abort", cancel);
      over.abort();
    },
  };
}

async function switchOne(
  context: Context,
  link: Link,
  barrier: Barrier,
  onArmed: () => void,
): Promise<Answer<ArmedFlip>> {
  const { name } = link.host;
  const ready = () => {
    onArmed();
    barrier.ready(name);
  };
  for (let lost = 0; ; lost++) {
    const answer = await ask(link, armFlip(optionsOf(context, link)), () => ({
      input: whenOpen(barrier),
      onOutput: watcher(ready),
    }));
    if (barrier.isOpen) return afterGo(context, link, answer);
    if (answer.status === "ok") return unopened(link, barrier, answer.value);
    if (answer.status === "failed") {
      barrier.shut(`${name} could not: ${answer.problem.message}`);
      return answer;
    }
    barrier.unready(name);
    if (lost === 0 && !barrier.isShut && (await link.reconnect()) && !barrier.isShut) continue;
    barrier.shut(`${name} was lost before the word`);
    return { ...failed(link, neverTold(link)), live: plannedOf(context.plan, name).from };
  }
}

function optionsOf({ plan, fence }: Context, link: Link): FlipOptions {
  const { from, to } = plannedOf(plan, link.host.name);
  const step = plan.kind === "rollback" ? "rollback" : "activate";
  return { fence: fence(), expect: from, to, step };
}

/** Its end without the line is the word to stand down. */
async function* whenOpen(barrier: Barrier): AsyncGenerator<Uint8Array> {
  if (await barrier.decided) yield goLine;
}

function watcher(ready: () => void): (stream: "stdout" | "stderr", text: string) => void {
  const watch = armedWatcher(ready);
  return (stream, text) => {
    if (stream === "stdout") watch(text);
  };
}

/** The others switch now: what this host did, or did not, is read and made whole by the plain compare-and-swap. */
async function afterGo(context: Context, link: Link, answer: Answer<ArmedFlip>): Promise<Answer<ArmedFlip>> {
  const told = answer.status === "ok" && answer.value.status !== "stood-down";
  if (told || (answer.status === "failed" && answer.problem.code !== "command-killed")) return answer;
  if (answer.status === "unknown" && !(await link.reconnect())) return answer;
  return askSurely(link, flip(optionsOf(context, link)));
}

/** Ended without the word: it had nothing to do (or only rehearsed), or stood down, by its own fault or another's. */
function unopened(link: Link, barrier: Barrier, flipped: ArmedFlip): Answer<ArmedFlip> {
  const { name } = link.host;
  if (flipped.status !== "stood-down") barrier.ready(name);
  else if (!barrier.isShut || barrier.late.includes(name)) {
    barrier.shut(`${name} was not ready in time`);
    return failed(link, tooLate(link));
  }
  return { status: "ok", value: flipped };
}

function wordsOf(release: string, barrier: Barrier, { status }: ArmedFlip): string | Told {
  if (status === "stood-down") return { skipped: true, detail: `nobody was switched: ${barrier.why}` };
  return status === "already" ? "was switched already" : `serves ${release}`;
}

/** Failed and not unknown: a host renames nothing before the word, and takes back what it made. */
function neverTold({ host, problem }: Link): Problem {
  const why = problem === undefined ? "" : ` (${problem.message})`;
  return makeProblem(
    "connection-lost",
    `the connection to ${host.name} was lost${why} before anybody was told to switch: it was not switched`,
  );
}

function tooLate({ host }: Link): Problem {
  return makeProblem(
    "not-armed",
    `${host.name} was not ready to switch within ${patience / 1000} s of the others: nobody was switched`,
  );
}
