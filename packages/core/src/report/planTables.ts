import type { News } from "../news/types.ts";
import { stepsOf, wavesOf } from "../plan/stages.ts";
import type { Plan, PlannedHost } from "../plan/types.ts";
import { few } from "../plan/words.ts";
import { kindOf, type Step } from "../steps/kinds.ts";
import { code, inMarkdown, markdownTable, words } from "./markdown.ts";
import { madeAt } from "./names.ts";
import { isLeft, stepCommands, stepWords, waveWords, whichHosts } from "./planParts.ts";

/** Hosts from which on those that are alike share a row. */
const many = 9;

/** Each host: what it serves, since when, and what it will serve. */
export function planHosts(plan: Plan, news: News, named: (id: string) => string): readonly string[] {
  const waves = wavesOf(plan);
  const roles = plan.hosts.some((host) => host.roles.length > 0);
  const cells = (host: string, has: PlannedHost["roles"], rest: readonly string[]): readonly string[] => [
    ...(roles ? [words(has.join(", ")) || "every role"] : []),
    ...rest,
    ...(waves.size === 0 ? [] : [words(waves.get(host) ?? "")]),
  ];
  const rows = [
    ...plan.hosts.map((host) => ({
      host: host.host,
      cells: cells(host.host, host.roles, [servedWords(host, news, named), laterWords(plan, host, named)]),
    })),
    ...(plan.without ?? []).map((host) => ({ host, cells: cells(host, [], ["**not asked**", "left out"]) })),
  ];
  const said = waveWords(plan);
  return [
    ...markdownTable(
      [
        "host",
        ...(roles ? ["roles"] : []),
        "live now (UTC)",
        "will be",
        ...(waves.size === 0 ? [] : ["wave"]),
      ],
      rowsOf(rows, plan.leader),
    ),
    ...(said === undefined ? [] : ["", words(said)]),
  ];
}

interface Row {
  readonly host: string;
  readonly cells: readonly string[];
}

function rowsOf(rows: readonly Row[], leader: string): readonly (readonly string[])[] {
  const name = (host: string): string => `**${words(host)}**${host === leader ? " leader" : ""}`;
  if (rows.length < many) return rows.map(({ host, cells }) => [name(host), ...cells]);
  const groups = new Map<string, { hosts: string[]; cells: readonly string[] }>();
  for (const { host, cells } of rows) {
    const key = cells.join("\n");
    const group = groups.get(key) ?? { hosts: [], cells };
    group.hosts.push(name(host));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ hosts, cells }) => [few(hosts, 6), ...cells]);
}

function servedWords({ from, reached }: PlannedHost, { now }: News, named: (id: string) => string): string {
  if (reached === false) return "**unknown**";
  if (from === null) return "nothing";
  const at = madeAt(from, now);
  return `${code(named(from))}${at === "" ? "" : ` ${at}`}`;
}

function laterWords(plan: Plan, host: PlannedHost, named: (id: string) => string): string {
  if (host.reached === false && plan.kind === "reconcile") return "left out";
  if (host.from === host.to || isLeft(plan, host.host)) return "the same";
  return code(named(host.to));
}

/** All steps in their order; one row for those of a kind, and for all of a switch, that follow each other on the same hosts. */
export function planSteps(plan: Plan): readonly string[] {
  const groups: { first: number; steps: Step[] }[] = [];
  stepsOf(plan).forEach((step, index) => {
    const last = groups.at(-1);
    if (last !== undefined && isAlike(last.steps[0], step)) last.steps.push(step);
    else groups.push({ first: index + 1, steps: [step] });
  });
  if (groups.length === 0) return [];
  const shown = groups.map(({ first, steps }) => ({ first, steps, what: whatCell(plan, steps) }));
  const rows = shown
    .filter(({ what }) => what !== "")
    .map(({ first, steps, what }) => [
      `${first}${steps.length > 1 ? `&#8209;${first + steps.length - 1}` : ""} ${nameOf(steps)}`,
      words(shortHosts(plan, steps[0]?.hosts ?? [])),
      what,
    ]);
  return markdownTable(["step", "where", "what"], rows);
}

function isAlike(one: Step | undefined, other: Step): boolean {
  if (one === undefined || one.hosts.join("\n") !== other.hosts.join("\n")) return false;
  return one.step === other.step || (kindOf(one).effect === "live" && kindOf(other).effect === "live");
}

/** What changes something that others notice, or saves it, stands out. */
function nameOf(steps: readonly Step[]): string {
  const names = [...new Set(steps.map(({ step }) => step))].join(", ");
  const loud = steps.map(kindOf).some(({ effect, saves }) => effect !== "nothing" || saves === true);
  return loud ? `**${names}**` : names;
}

function shortHosts(plan: Plan, hosts: readonly string[]): string {
  return whichHosts(plan, hosts).replace(/^(both|all \d+) hosts$/, "$1");
}

function whatCell(plan: Plan, steps: readonly Step[]): string {
  const kinds = new Set(steps.map(({ step }) => step));
  return steps.map((step) => stepCell(plan, step)).join(kinds.size > 1 ? " · " : "<br>");
}

/** Commands first, exactly as they run, and what else there is to know. */
function stepCell(plan: Plan, step: Step): string {
  const said = kindOf(step).brief?.(step, inMarkdown, plan) ?? words(stepWords(plan, step));
  const commands = stepCommands(step).map(commandCell);
  return [commands.join("<br>"), said].filter((part) => part !== "").join(" ");
}

function commandCell(run: string): string {
  return run
    .replace(/\n+$/, "")
    .split("\n")
    .map(code)
    .filter((line) => line !== "")
    .join("<br>");
}
