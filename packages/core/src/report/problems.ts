import { type Place, type Problem, toldInAction } from "../errors.ts";
import { code, codeBlock, words } from "./markdown.ts";

/** Problems as a Markdown list, which is an action's: code, place, what, and the next move below. */
export function problemLines(problems: readonly Problem[]): readonly string[] {
  if (problems.length === 0) return [];
  const items = problems
    .map(toldInAction)
    .map(
      ({ code: name, message, hint, place }) =>
        `- ${code(name)}${placeWords(place)}: ${words(message)}<br>${words(hint)}`,
    );
  return ["**Problems**", "", ...items, ...problems.flatMap(evidenceLines)];
}

function evidenceLines({ evidence = [], place: { host } }: Problem): readonly string[] {
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
