import { DeployError, type Problem } from "@deploy/core";

interface Fault {
  readonly tool: string;
  readonly message: string;
  /** As people see it. */
  readonly file: string;
  /** Both from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Lines of the file with the place marked, as the tool prints them. */
  readonly excerpt?: string | undefined;
  readonly advice?: string | undefined;
}

/** A file that its tool could not read, with the tool's own excerpt under the next move. */
export function syntaxProblem(fault: Fault): Problem {
  const { file, line, column, excerpt, advice } = fault;
  const mend = advice ?? "Mend that line. Nothing was written or published.";
  return new DeployError("asset-syntax", `${fault.tool}: ${fault.message.trim().replace(/\.$/, "")}`, {
    hint: excerpt === undefined || excerpt === "" ? mend : `${mend}\n${excerpt}`,
    place: {
      file,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    },
  }).problem;
}

/** A line and a caret, for tools that have no excerpt of their own; long lines are cut around the place. */
export function excerptAt(text: string, line: number, column: number): string {
  const whole = text.split(/\r\n|\n|\r/)[line - 1] ?? "";
  const from = Math.max(0, column - 1 - 60);
  const shown = whole.slice(from, from + 120).replaceAll("\t", " ");
  const margin = `${line} | `;
  return `${margin}${shown}\n${" ".repeat(margin.length + column - 1 - from)}^`;
}

/** What a file of a compiled language may be other than wrong: a part of others, named as an entry point. */
export const partialAdvice =
  "Mend that line. Nothing was written or published. If others import this file and it is nothing by itself, begin its name with `_`.";
