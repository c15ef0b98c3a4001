import type { News } from "../news/types.ts";
import { wavesOf } from "../plan/stages.ts";
import type { Plan, Stage } from "../plan/types.ts";
import { count } from "../plan/words.ts";
import type { Step } from "../steps/kinds.ts";
import { alert, code, codeBlock, details, inMarkdown, words } from "./markdown.ts";
import { namesIn } from "./names.ts";
import { newsWords } from "./newsWords.ts";
import { groupedRemovals, loginWords, planTitle, publishWords, whichHosts } from "./planParts.ts";
import { planHosts, planSteps } from "./planTables.ts";
import { renderPlanText } from "./planText.ts";
import { playedMarkdown } from "./played.ts";
import { problemItems } from "./problems.ts";
import { truncateMarkdown } from "./truncate.ts";
import { cautions, notices } from "./unusual.ts";
import { wayBackWords } from "./wayBack.ts";

const mostRemovals = 3;

/** What a reviewer reads before approving, in GitHub's Markdown; at most 900 KiB. */
export function renderPlanMarkdown(plan: Plan, news: News = {}): string {
  const named = namesIn(plan);
  const mark = plan.problems.length > 0 ? "❌ " : "";
  const blocks = [
    [`### ${mark}${planTitle(plan, inMarkdown, named)}`],
    [newsWords(plan, news, inMarkdown)],
    alert("CAUTION", problemItems(plan.problems)),
    alert("WARNING", notices(plan, news, inMarkdown)),
    alert("CAUTION", cautions(plan, inMarkdown)),
    alert("WARNING", plan.warnings.map(words)),
    planHosts(plan, news, named),
    planSteps(plan),
    playedMarkdown(news),
    diagnoseList(plan),
    publishLine(plan),
    removalLine(plan, named),
    [wayBackWords(plan, news, inMarkdown)],
    [identityLine(plan)],
    details("The whole plan as text, and a picture", [
      ...codeBlock(renderPlanText(plan, news), "text"),
      "",
      ...picture(plan),
    ]),
  ];
  const filled = blocks.filter((lines) => lines.join("") !== "");
  return truncateMarkdown(`${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`);
}

function identityLine(plan: Plan): string {
  const { release, deployTo, configDigest, digest } = plan;
  const config = configDigest === undefined ? "" : ` · config ${code(configDigest.slice(0, 8))}`;
  const where = `${code(deployTo)} ${words(loginWords(plan))}`;
  return `<sub>release ${code(release) || "unknown"} in ${where}${config} · plan ${code(digest.slice(0, 8))}</sub>`;
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

function removalLine(plan: Plan, named: (id: string) => string): readonly string[] {
  const removals = groupedRemovals(plan);
  if (removals.length === 0) return [];
  const shown = removals.slice(0, mostRemovals).map(({ release, because, hosts }) => {
    return `${code(named(release))} from ${words(whichHosts(plan, hosts))} (${words(because)})`;
  });
  const rest = removals.length - shown.length;
  return [`Removed after success: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`];
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
