import type { Problem } from "@deploy/core";
import { type ArmedFlip, armedWatcher, armFlip, type FlipOptions, flip, goLine } from "@deploy/remote";
import { type Answer, ask, askSurely } from "./ask.ts";
import type { Context } from "./context.ts";
import { type Link, linkOf } from "./fleet.ts";
import { Gate } from "./gate.ts";
import type { Told } from "./ledger.ts";
import { plannedOf, stepsOf } from "./planned.ts";

/** Milliseconds from the first host that is ready until the last one is; a host gives up by itself five seconds later. */
const patience = 15_000;

/**
 * Every host checks, takes its mutex and makes its new link; once all of them are that far, all are told to rename it at the
 * same moment. Where one is not, nobody is told, and each takes back what it made. True: all switched.
 */
export async function switchAll(context: Context): Promise<boolean> {
  if (context.stopped()) return false;
  const { fleet, ledger, window, options, plan } = context;
  const hosts = stepsOf(plan, "switch").flatMap((step) => step.hosts);
  if (hosts.length === 0) return true;
  ledger.begin("switch", hosts);
  const gate = new Gate(hosts, () => open(context));
  const watch = watchGate(context, gate);
  const answers = await Promise.all(
    hosts.map((host) => {
      const work = () => switchOne(context, linkOf(fleet, host), gate, watch.first);
      return ledger.book(host, "switch", work, (flipped) => wordsOf(plan.release, gate, flipped));
    }),
  );
  watch.end();
  if (gate.isOpen) window.last = options.clock.now();
  return gate.isOpen && answers.every(({ status }) => status === "ok");
}

/** The moment at which servers begin to change. */
function open({ stopped, window, options }: Context): boolean {
  if (stopped()) return false;
  window.first = options.clock.now();
  return true;
}

/** Shuts the gate when the run is cancelled, and where some are ready (`first`) and others are not for too long. */
function watchGate({ options }: Context, gate: Gate) {
  const over = new AbortController();
  const cancel = () => gate.shut("the run was cancelled");
  options.signal.addEventListener("abort", cancel, { once: true });
  let waiting = false;
  const wait = async () => {
    await options.clock.sleep(patience, over.signal);
    if (!over.signal.aborted) gate.giveUp(`not ready within ${patience / 1000} s`);
  };
  return {
    first: () => {
      if (!waiting) void wait();
      waiting = true;
    },
    end: () => {
      options.signal.removeEventListener("abort", cancel);
      over.abort();
    },
  };
}

async function switchOne(
  context: Context,
  link: Link,
  gate: Gate,
  onArmed: () => void,
): Promise<Answer<ArmedFlip>> {
  const { name } = link.host;
  const ready = () => {
    onArmed();
    gate.ready(name);
  };
  for (let lost = 0; ; lost++) {
    const answer = await ask(link, armFlip(optionsOf(context, link)), () => ({
      input: whenOpen(gate),
      onOutput: watcher(ready),
    }));
    if (gate.isOpen) return afterGo(context, link, answer);
    if (answer.status === "ok") return settled(link, gate, answer.value);
    if (answer.status === "failed") {
      gate.shut(`${name} could not: ${answer.problem.message}`);
      return answer;
    }
    gate.unready(name);
    if (lost === 0 && !gate.isShut && (await link.reconnect()) && !gate.isShut) continue;
    gate.shut(`${name} was lost before the word`);
    return { status: "failed", problem: neverTold(link) };
  }
}

function optionsOf({ plan, fence }: Context, link: Link): FlipOptions {
  const { from, to } = plannedOf(plan, link.host.name);
  const step = plan.kind === "rollback" ? "rollback" : "activate";
  return { fence: fence(), expect: from, to, step };
}

/** Its end without the line is the word to stand down. */
async function* whenOpen(gate: Gate): AsyncGenerator<Uint8Array> {
  if (await gate.decided) yield goLine;
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
function settled(link: Link, gate: Gate, flipped: ArmedFlip): Answer<ArmedFlip> {
  const { name } = link.host;
  if (flipped.status !== "stood-down") gate.ready(name);
  else if (!gate.isShut || gate.late.includes(name)) {
    gate.shut(`${name} was not ready in time`);
    return { status: "failed", problem: tooLate(link) };
  }
  return { status: "ok", value: flipped };
}

function wordsOf(release: string, gate: Gate, { status }: ArmedFlip): string | Told {
  if (status === "stood-down") return { skipped: true, detail: `nobody was switched: ${gate.why}` };
  return status === "already" ? "was switched already" : `serves ${release}`;
}

/** Failed and not unknown: a host renames nothing before the word, and takes back what it made. */
function neverTold({ host, problem }: Link): Problem {
  const why = problem === undefined ? "" : ` (${problem.message})`;
  return {
    code: "connection-lost",
    message: `the connection to ${host.name} was lost${why} before anybody was told to switch: it was not switched`,
    hint: "Run the same thing again: it reads what is on the host and goes on from there.",
    place: { host: host.name },
  };
}

function tooLate({ host }: Link): Problem {
  return {
    code: "not-armed",
    message: `${host.name} was not ready to switch within ${patience / 1000} s of the others: nobody was switched`,
    hint: "Look at the load of this host, and at what holds .deploy/lock/mutex there; then run the same thing again.",
    place: { host: host.name },
  };
}
