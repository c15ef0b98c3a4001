import { type Place, type Problem, toldInAction } from "../errors.ts";
import { few } from "../plan/words.ts";
import { code, codeBlock, hintWords, words } from "./markdown.ts";

/** Each problem as a paragraph of Markdown, an action's: where, what, and the next move below; one for hosts that say the same. */
export function problemItems(problems: readonly Problem[]): readonly string[] {
  return sameOnHosts(problems.map(toldInAction)).map(({ problem, hosts }) => {
    const { code: name, message, hint, place } = problem;
    const { host: _, step: named, ...rest } = place;
    const step = named === undefined ? "" : `**${words(named)}** `;
    const at = placeWords(rest);
    const on = hosts.length === 0 ? "" : ` on ${few(hosts.map((host) => `**${words(host)}**`))}`;
    return `${step}${code(name)}${on}${at}: ${words(message)}<br>${hintWords(hint)}`;
  });
}

/** Problems that differ in nothing but the host, whose name may stand in the message. */
function sameOnHosts(
  problems: readonly Problem[],
): readonly { problem: Problem; hosts: readonly string[] }[] {
  const groups = new Map<string, { problem: Problem; hosts: string[] }>();
  for (const problem of problems) {
    const { host, ...place } = problem.place;
    const message = host === undefined ? problem.message : problem.message.replaceAll(` on ${host}`, "");
    const key = JSON.stringify({ ...problem, message, place });
    const group = groups.get(key) ?? { problem: { ...problem, message }, hosts: [] };
    if (host !== undefined) group.hosts.push(host);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Problems as a Markdown list, which is an action's: code, place, what, and the next move below. */
export function problemLines(problems: readonly Problem[]): readonly string[] {
  if (problems.length === 0) return [];
  const items = problems
    .map(toldInAction)
    .map(
      ({ code: name, message, hint, place }) =>
        `- ${code(name)}${placeWords(place)}: ${words(message)}<br>${hintWords(hint)}`,
    );
  return ["**Problems**", "", ...items, ...problems.flatMap(evidenceLines)];
}

/** What a host said of it: its answer, what was asked on it afterwards. */
export function evidenceLines({ evidence = [], place: { host } }: Problem): readonly string[] {
  const where = host === undefined ? "" : `${host}: `;
  return evidence.flatMap(({ title, text }) => [
    "",
    `${words(where + title)}`,
    "",
    ...codeBlock(text, "text"),
  ]);
}

export function warningLines(warnings: readonly string[]): readonly string[] {
  return warnings.length === 0 ? [] : ["**Warnings**", "", ...warnings.map((text) => `- ${words(text)}`)];
}

function placeWords({ host, step, file, line, path }: Place): string {
  const at = file === undefined ? undefined : line === undefined ? file : `${file}:${line}`;
  const parts = [at, path, host, step].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? "" : ` at ${parts.map((part) => code(String(part))).join(" ")}`;
}
