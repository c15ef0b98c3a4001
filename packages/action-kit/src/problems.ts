import { DeployErrors, formatProblem, markdown, type Problem, problemOf, toldInAction } from "@deploy/core";
import type { Log } from "./log.ts";

/** GitHub shows ten of a kind per step; a few are read, the rest belongs into the summary. */
const mostAnnotations = 5;
/** The runner cuts a message at 4096 characters. */
const longest = 4000;

export function problemsOf(error: unknown): readonly Problem[] {
  return error instanceof DeployErrors ? error.problems : [problemOf(error)];
}

/** `code · place · message; next move`, the move being an action's. */
export function tellProblem(problem: Problem): string {
  return formatProblem(toldInAction(problem));
}

/** One error annotation each for the first five; all of them as text in the log. */
export function annotate(log: Log, problems: readonly Problem[]): void {
  for (const problem of problems.slice(0, mostAnnotations)) {
    const { file, line, column } = problem.place;
    log.error(shortened(onOneLine(problem)), {
      title: problem.code,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { startLine: line }),
      ...(column === undefined ? {} : { startColumn: column }),
    });
  }
  for (const problem of problems.slice(mostAnnotations)) log.text(onOneLine(problem));
}

/** Names and messages may quote what somebody typed or a host said, lines and all. */
function onOneLine(problem: Problem): string {
  return tellProblem(problem).replaceAll(/\s*[\r\n]\s*/g, " ");
}

/** Without its middle where it is too long: the next move stands at the end. */
function shortened(text: string): string {
  const half = longest / 2;
  return text.length <= longest ? text : `${text.slice(0, half - 3)} … ${text.slice(-half)}`;
}

/** Markdown for problems that no other summary shows; hostile text stays text. */
export function renderProblems(problems: readonly Problem[]): string {
  return problems.map((problem) => `- ${markdown.words(tellProblem(problem))}\n`).join("");
}
