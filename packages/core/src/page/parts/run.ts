import { duration } from "../../amounts.ts";
import { count } from "../../plan/words.ts";
import { type Html, html } from "../html.ts";
import type { Run, RunOutcome, RunStep } from "../runLines.ts";
import { time } from "./words.ts";

type State = "waits" | "runs" | "left" | RunOutcome["status"];

const states: Readonly<Record<State, readonly [style: string, glyph: string, word: string]>> = {
  waits: ["soft", "·", "waits"],
  runs: ["look", "→", "runs"],
  left: ["soft", "–", "not run"],
  ok: ["well", "✓", "done"],
  failed: ["look", "✗", "failed"],
  unknown: ["unknown", "?", "not known"],
  skipped: ["soft", "–", "skipped"],
};

/** Of the states of a step's hosts, the one that is told of the step. */
const order: readonly State[] = ["failed", "unknown", "runs", "waits", "left", "skipped", "ok"];

const kinds: Readonly<Record<Run["what"], string>> = {
  deploy: "Deploy",
  rollback: "Rollback",
  reconcile: "Reconcile",
};

/** The run in one sentence, as a screen reader is told it. `alive`: its process is there. */
export function runWords(run: Run, alive: boolean): string {
  const what = `${kinds[run.what]} to ${run.release}`;
  if (run.end !== undefined) return `${what}: ${run.end.headline}`;
  if (!alive) return `${what}: its process ended without a word; what came of it the servers say below`;
  const at = run.stages.flatMap(({ steps }) => steps).find((step) => stateOf(run, step, alive) === "runs");
  return `${what}: ${at === undefined ? "begins" : `${at.step} runs`}`;
}

/** Stages, their steps, and how far each host is. */
export function runParts(run: Run, alive: boolean): Html {
  const known = new Set(run.stages.flatMap(({ steps }) => steps.map(({ id }) => id)));
  const others = run.outcomes.filter(({ id }) => !known.has(id));
  const stages = run.stages.map(
    ({
      name,
      steps,
    }) => html`<li>${name}<ul class="plain">${steps.map((step) => stepLine(run, step, alive))}</ul></li>
`,
  );
  return html`<h2>${runWords(run, alive)}</h2>
<p class="soft">Begun ${time(new Date(run.time))} by ${run.by}.</p>
<ol class="plain">${stages}${others.length === 0 ? undefined : html`<li>beside the plan<ul class="plain">${others.map(otherLine)}</ul></li>`}</ol>`;
}

function stepLine(run: Run, step: RunStep, alive: boolean): Html {
  const state = stateOf(run, step, alive);
  const told = step.hosts.map((host) => hostIn(run, step, host, alive));
  const done = told.filter(({ state }) => state === "ok").length;
  // Forty hosts that are well are a number.
  const shown = told.length > 12 ? told.filter((one) => !["ok", "waits", "left"].includes(one.state)) : told;
  const hosts = shown.map(
    ({ host, state, words }) =>
      html` <span class="${states[state][0]} host">${states[state][1]} ${host} ${words}</span>`,
  );
  return html`<li data-step="${step.step}" data-state="${state}">${label(state)} <b>${step.step}</b> <span class="soft">${done} of ${count(told.length, "host")}</span>${hosts}</li>`;
}

function hostIn(run: Run, step: RunStep, host: string, alive: boolean) {
  const outcome = run.outcomes.find((one) => one.id === step.id && one.host === host);
  if (outcome === undefined) {
    const begun = run.begun.has(`${step.step} ${host}`);
    const over = run.end !== undefined;
    const state: State = begun && !over ? (alive ? "runs" : "unknown") : over || !alive ? "left" : "waits";
    return { host, state, words: states[state][2] };
  }
  const { status, milliseconds, detail } = outcome;
  return { host, state: status, words: status === "ok" ? duration(milliseconds) : detail };
}

function stateOf(run: Run, step: RunStep, alive: boolean): State {
  const found = new Set(step.hosts.map((host) => hostIn(run, step, host, alive).state));
  return order.find((state) => found.has(state)) ?? "waits";
}

function otherLine({ host, step, status, detail }: RunOutcome): Html {
  return html`<li>${label(status)} <b>${step}</b> ${host} <span class="soft">${detail}</span></li>`;
}

function label(state: State): Html {
  const [style, glyph, word] = states[state];
  return html`<span class="${style}">${glyph} ${word}</span>`;
}
