import { artifactCodes } from "./errors/artifact.ts";
import { assetsCodes } from "./errors/assets.ts";
import { backupCodes } from "./errors/backup.ts";
import { configCodes } from "./errors/config.ts";
import { connectCodes } from "./errors/connect.ts";
import { planCodes } from "./errors/plan.ts";
import { remoteCodes } from "./errors/remote.ts";
import { runCodes } from "./errors/run.ts";
import { storeCodes } from "./errors/store.ts";
import { usageCodes } from "./errors/usage.ts";

/** Where an error is: a host, a file position, an input. All optional, all data. */
export interface Place {
  readonly host?: string;
  readonly step?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly path?: string;
  /** Of a job on the host. */
  readonly job?: string;
}

/** An error as data: what a report, an annotation or a log renders. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** The next move, as a sentence a person can follow. */
  readonly hint: string;
  readonly place: Place;
}

/** The one way to make a problem: its hint is the code's usual fix unless there is a better one. */
export function makeProblem(
  code: ErrorCode,
  message: string,
  { hint = errorCodes[code].fix, place = {} }: { readonly hint?: string; readonly place?: Place } = {},
): Problem {
  return { code, message, hint, place };
}

export class DeployError extends Error {
  readonly problem: Problem;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; place?: Place; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DeployError";
    this.problem = makeProblem(code, message, options);
  }
}

/** Several problems found at once (config errors, several hosts): thrown together, shown together. */
export class DeployErrors extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "DeployErrors";
    this.problems = problems;
  }
}

/** `code · place · message; next move`, on one line. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path, host, step } = problem.place;
  const at = file === undefined ? "" : [file, line, column].filter((part) => part !== undefined).join(":");
  // A line without a file is a line of an input's list.
  const named = file === undefined && line !== undefined ? `${path}:${line}` : path;
  const where = [at, named, host, step].filter((part) => part !== undefined && part !== "").join(" ");
  return [problem.code, where, `${problem.message}. ${problem.hint}`]
    .filter((part) => part !== "")
    .join(" · ");
}

export function problemOf(error: unknown): Problem {
  if (error instanceof DeployError) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return makeProblem("internal", message);
}

/** Every code, its usual cause and its usual fix. docs/reference/errors.md is generated from here; add a code to its room in errors/. */
export const errorCodes = {
  ...configCodes,
  ...connectCodes,
  ...artifactCodes,
  ...usageCodes,
  ...planCodes,
  ...runCodes,
  ...remoteCodes,
  ...storeCodes,
  ...assetsCodes,
  ...backupCodes,
} as const;

export type ErrorCode = keyof typeof errorCodes;
