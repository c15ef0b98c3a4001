import type { Problem } from "@deploy/core";
import { DeployError, DeployErrors, formatProblem, problemOf } from "@deploy/core";
import { plainText } from "./plain.ts";
import type { Screen } from "./screen.ts";

/** The command line or the config is wrong: nothing was contacted, exit code 2. */
export class Misuse extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], cause?: unknown) {
    super(problems.map(formatProblem).join("\n"), { cause });
    this.name = "Misuse";
    this.problems = problems;
  }
}

/** Cancelled before anything was changed: exit code 130. */
export class Cancelled extends Error {}

/** What `work` throws is the caller's mistake, since it only reads options and files. */
export async function reading<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DeployError || error instanceof DeployErrors
      ? new Misuse(problemsOf(error), error)
      : error;
  }
}

/** Tells what went wrong, as lines or as JSON, and gives the exit code; `aborted`: the user had cancelled. */
export function tellFailure(error: unknown, screen: Screen, aborted = false): number {
  if (error instanceof Cancelled) screen.warn("Cancelled; nothing was changed.");
  const problems = error instanceof Cancelled ? [] : problemsOf(error);
  for (const problem of problems) screen.warn(plainText(formatProblem(problem)));
  const [result, exitCode] = judge(error, problems, aborted);
  screen.answer({ schema: 1, result, exitCode, problems });
  return exitCode;
}

function judge(error: unknown, problems: readonly Problem[], aborted: boolean): readonly [string, number] {
  if (aborted || error instanceof Cancelled) return ["cancelled", 130];
  if (error instanceof Misuse || problems.some(isMistake)) return ["usage", 2];
  if (problems.some(({ code }) => code === "locked")) return ["locked", 5];
  return ["failed", 1];
}

/** Of options or config, whoever reads them first. */
function isMistake({ code }: Problem): boolean {
  return (
    code.startsWith("config-") || ["backup-unconfigured", "database-url", "store-address"].includes(code)
  );
}

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof Misuse || error instanceof DeployErrors) return error.problems;
  return [problemOf(error)];
}
