import { formatProblem } from "../errors.ts";
import type { News } from "../news/types.ts";
import { stepsOf, wavesOf } from "../plan/stages.ts";
import type { Plan } from "../plan/types.ts";
import { inText } from "../style.ts";
import { cleanLine, cleanLines } from "./clean.ts";
import { newsWords } from "./newsWords.ts";
import {
  groupedRemovals,
  isLeft,
  loginWords,
  planTitle,
  publishWords,
  stepCommands,
  stepWords,
  waveWords,
  whichHosts,
} from "./planParts.ts";
import { playedLines } from "./played.ts";
import { textTable } from "./table.ts";
import { cautions, notices } from "./unusual.ts";
import { wayBackWords } from "./wayBack.ts";

/** The plan for a terminal or a log, whole: every id and command as it is; ends with a line feed. */
export function renderPlanText(plan: Plan, news: News = {}): string {
  const warnings = [...cautions(plan, inText), ...notices(plan, news, inText), ...plan.warnings];
  const blocks = [
    [planTitle(plan), plan.headline, ...filled(newsWords(plan, news, inText))].map(cleanLine),
    plan.problems.map((problem) => `x ${cleanLine(formatProblem(problem))}`),
    warnings.map((warning) => `! ${cleanLine(warning)}`),
    hostLines(plan),
    stepLines(plan),
    playedLines(news),
    diagnoseLines(plan),
    publishLines(plan),
    removalLines(plan),
    filled(wayBackWords(plan, news, inText)).map(cleanLine),
    [...(plan.configDigest === undefined ? [] : [`config ${plan.configDigest}`]), `plan ${plan.digest}`],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function filled(text: string): readonly string[] {
  return text === "" ? [] : [text];
}

function hostLines(plan: Plan): readonly string[] {
  const waves = wavesOf(plan);
  const words = waveWords(plan);
  const rows = plan.hosts.map(({ host, roles, from, to, reached }) => [
    plan.leader === host ? `${host} (leader)` : host,
    roles.join(", ") || "every role",
    ...(reached === false
      ? ["unknown", plan.kind === "reconcile" ? "left out" : to]
      : [from ?? "nothing", isLeft(plan, host) ? (from ?? "nothing") : to]),
    waves.get(host) ?? "",
  ]);
  const left = (plan.without ?? []).map((host) => [host, "", "not asked", "left out"]);
  return [
    cleanLine(`Hosts, in ${plan.deployTo}, ${loginWords(plan)}`),
    ...textTable([["host", "roles", "now", "then", waves.size === 0 ? "" : "wave"], ...rows, ...left], "  "),
    ...(words === undefined ? [] : [words]),
  ];
}

function stepLines(plan: Plan): readonly string[] {
  const steps = stepsOf(plan);
  if (steps.length === 0) return [];
  return [
    "Steps",
    ...steps.flatMap((step, index) => [
      cleanLine(`  ${index + 1}. ${step.step} on ${whichHosts(plan, step.hosts)}: ${stepWords(plan, step)}`),
      ...stepCommands(step).flatMap(commandLines),
    ]),
  ];
}

function diagnoseLines({ diagnose = [] }: Plan): readonly string[] {
  if (diagnose.length === 0) return [];
  return ["On a host that fails, before it goes back", ...diagnose.flatMap(({ run }) => commandLines(run))];
}

function publishLines(plan: Plan): readonly string[] {
  const words = publishWords(plan);
  return words === undefined ? [] : [cleanLine(`Assets are published to ${words}`)];
}

/** A gutter before each line: nothing a user wrote stands at the start of one. */
function commandLines(run: string): readonly string[] {
  return cleanLines(run)
    .replace(/\n+$/, "")
    .split("\n")
    .map((line, index) => `       ${index === 0 ? "$" : ">"} ${line}`);
}

function removalLines(plan: Plan): readonly string[] {
  const rows = groupedRemovals(plan).map(({ release, because, hosts }) => [
    release,
    whichHosts(plan, hosts),
    because,
  ]);
  return rows.length === 0 ? [] : ["Removed after success", ...textTable(rows, "  ")];
}
