import type { News, PlayedTask } from "../news/types.ts";
import { count } from "../plan/words.ts";
import { cleanLine, cleanLines } from "./clean.ts";
import { code, codeBlock, details, words } from "./markdown.ts";

/** Of one task's differences; whoever wants more runs the playbook. */
const mostLines = 40;

/** What a playbook would change, for a terminal or a log; none where nobody looked. */
export function playedLines(news: News): readonly string[] {
  const said = saidOf(news);
  if (said === undefined) return [];
  const { head, tasks } = said;
  return [
    cleanLine(head),
    ...tasks.flatMap((task) => [
      cleanLine(`  ${task.host}: ${task.task} (${task.state})`),
      ...shown(task).map((line) => `       | ${line}`),
    ]),
  ];
}

/** The same for whoever approves: a line for each task, how files differ folded away. */
export function playedMarkdown(news: News): readonly string[] {
  const said = saidOf(news);
  if (said === undefined) return [];
  const { head, tasks } = said;
  const bad = ({ state }: PlayedTask) => (state === "changed" ? "" : ` **${state}**`);
  const differing = tasks.filter((task) => task.text !== "");
  return [
    words(head),
    ...(tasks.length === 0 ? [] : [""]),
    ...tasks.map((task) => `- ${code(task.host)}: ${words(task.task)}${bad(task)}`),
    ...(differing.length === 0
      ? []
      : ["", ...details("What Ansible says of them", differing.flatMap(block))]),
  ];
}

function saidOf({ playbook }: News) {
  if (playbook === undefined) return undefined;
  if ("unknown" in playbook)
    return { head: `What the playbook changes is not known: ${playbook.unknown}`, tasks: [] };
  const tasks = playbook.tasks.toSorted((one, other) =>
    one.host < other.host ? -1 : Number(one.host > other.host),
  );
  const hosts = new Set(tasks.map(({ host }) => host));
  const head =
    tasks.length === 0
      ? "Ansible's check mode: nothing changes"
      : `Ansible's check mode: ${count(tasks.length, "change")} on ${count(hosts.size, "host")}`;
  return { head, tasks };
}

function block(task: PlayedTask): readonly string[] {
  return [`${code(task.host)}: ${words(task.task)}`, "", ...codeBlock(shown(task).join("\n"), "diff"), ""];
}

function shown({ text }: PlayedTask): readonly string[] {
  if (text === "") return [];
  const lines = cleanLines(text).replace(/\n+$/, "").split("\n");
  const rest = lines.length - mostLines;
  return rest > 0 ? [...lines.slice(0, mostLines), `and ${count(rest, "more line")}`] : lines;
}
