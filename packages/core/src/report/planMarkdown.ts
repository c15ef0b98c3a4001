import { stepsOf, wavesOf } from "../plan/stages.ts";
import type { Plan, Stage } from "../plan/types.ts";
import { count } from "../plan/words.ts";
import type { Step } from "../steps/kinds.ts";
import { code, codeBlock, details, markdownTable, words } from "./markdown.ts";
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
import { renderPlanText } from "./planText.ts";
import { problemLines, warningLines } from "./problems.ts";
import { truncateMarkdown } from "./truncate.ts";

/** What a reviewer reads before approving, in GitHub's Markdown; at most 900 KiB. */
export function renderPlanMarkdown(plan: Plan): string {
  const blocks = [
    [`### ${planTitle(plan, words)}`],
    [`**${words(plan.headline)}**`],
    problemLines(plan.problems),
    warningLines(plan.warnings),
    hostTable(plan),
    stepList(plan),
    diagnoseList(plan),
    publishLine(plan),
    removalTable(plan),
    [identityLine(plan)],
    details("The same as a picture and as text", [
      ...picture(plan),
      "",
      ...codeBlock(renderPlanText(plan), "text"),
    ]),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return truncateMarkdown(`${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`);
}

function identityLine({ release, commit, configDigest, digest }: Plan): string {
  const config = configDigest === undefined ? "" : `, config ${code(configDigest)}`;
  return `Release ${code(release)}, commit ${code(commit) || "unknown"}${config}, plan ${code(digest)}`;
}

function hostTable(plan: Plan): readonly string[] {
  const waves = wavesOf(plan);
  const inWave = (host: string): readonly string[] => (waves.size === 0 ? [] : [waves.get(host) ?? ""]);
  const said = waveWords(plan);
  const rows = plan.hosts.map(({ host, roles, from, to, reached }) => [
    `${code(host)}${host === plan.leader ? " (leader)" : ""}`,
    words(roles.join(", ")) || "every role",
    ...(reached === false
      ? ["**not reached**", "left out"]
      : [from === null ? "nothing" : code(from), from === to || isLeft(plan, host) ? "the same" : code(to)]),
    ...inWave(host),
  ]);
  const left = (plan.without ?? []).map((host) => [
    code(host),
    "",
    "**not asked**",
    "left out",
    ...inWave(host),
  ]);
  return [
    `In ${code(plan.deployTo)}, ${words(loginWords(plan))}:`,
    "",
    ...markdownTable(
      ["Host", "Roles", "Live now", "Live then", ...(waves.size === 0 ? [] : ["Wave"])],
      [...rows, ...left],
    ),
    ...(said === undefined ? [] : ["", words(said)]),
  ];
}

function stepList(plan: Plan): readonly string[] {
  return stepsOf(plan).flatMap((step, index) => [
    `${index + 1}. **${step.step}** on ${words(whichHosts(plan, step.hosts))}: ${words(stepWords(plan, step))}`,
    ...stepCommands(step).flatMap((run) => ["", ...codeBlock(run, "sh").map((line) => `   ${line}`)]),
  ]);
}

function diagnoseList({ diagnose = [] }: Plan): readonly string[] {
  if (diagnose.length === 0) return [];
  const commands = diagnose.flatMap(({ run }) => ["", ...codeBlock(run, "sh")]);
  return ["On a host that fails, before it goes back:", ...commands];
}

function publishLine(plan: Plan): readonly string[] {
  const where = publishWords(plan);
  return where === undefined ? [] : [`Assets are published to ${words(where)}`];
}

function removalTable(plan: Plan): readonly string[] {
  const rows = groupedRemovals(plan).map(({ release, because, hosts }) => [
    code(release),
    words(whichHosts(plan, hosts)),
    words(because),
  ]);
  if (rows.length === 0) return [];
  return ["Removed after success:", "", ...markdownTable(["Release", "From", "Because"], rows)];
}

/** Only our own words and numbers go into the picture: nothing in it needs escaping. */
function picture(plan: Plan): readonly string[] {
  const steps = plan.stages.flatMap((stage) => stage.steps.map((step) => ({ step, stage })));
  if (steps.length === 0) return [];
  const node = (step: Step): string =>
    `s${steps.findIndex((one) => one.step === step)}["${nodeWords(step)}"]`;
  const several = wavesOf(plan).size > 0;
  const nodes = plan.stages.flatMap((stage) =>
    several && stage.kind === "wave"
      ? inBox(stage, stage.steps.map(node))
      : stage.steps.map((step) => `  ${node(step)}`),
  );
  const arrows = steps.slice(1).map((_, index) => `  s${index} --> s${index + 1}`);
  const visible = steps.flatMap(({ stage }, index) =>
    stage.onFailure === "stop" ? [] : [`  s${index} -. fails .-> back`],
  );
  const back = plan.stages.some(({ onFailure }) => onFailure === "hold")
    ? "its wave goes back"
    : "all go back";
  return ["```mermaid", "flowchart LR", ...nodes, `  back["${back}"]`, ...arrows, ...visible, "```"];
}

/** A wave's name is a number, which we gave it. */
function inBox({ name = "" }: Stage, nodes: readonly string[]): readonly string[] {
  return [`  subgraph w${name}["wave ${name}"]`, ...nodes.map((node) => `    ${node}`), "  end"];
}

function nodeWords({ step, hosts }: Step): string {
  return `${step}<br>${count(hosts.length, "host")}`;
}
