import { artifactCodes } from "./errors/artifact.ts";
import { assetsCodes } from "./errors/assets.ts";
import { backupCodes } from "./errors/backup.ts";
import type { Code } from "./errors/codes.ts";
import { configCodes } from "./errors/config.ts";
import { connectCodes } from "./errors/connect.ts";
import { packageCodes } from "./errors/package.ts";
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

/** What a host said, that explains an error: data of many lines, shown as it is. */
export interface Evidence {
  readonly title: string;
  readonly text: string;
}

/** An error as data: what a report, an annotation or a log renders. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** The next move, as a sentence a person can follow. */
  readonly hint: string;
  /** The next move in an action, where it is another than at a desk. */
  readonly inAction?: string;
  readonly place: Place;
  /** Absent: none. */
  readonly evidence?: readonly Evidence[];
}

/** A next move that is better than the usual fix of its code. */
export type NextMove = Partial<Pick<Problem, "hint" | "inAction">>;

/** The one way to make a problem: its next move is the code's usual fix unless there is a better one. */
export function makeProblem(
  code: ErrorCode,
  message: string,
  { hint, inAction, place = {} }: NextMove & { readonly place?: Place } = {},
): Problem {
  const usual: Code = errorCodes[code];
  const move = hint === undefined ? usual.inAction : inAction;
  return { code, message, hint: hint ?? usual.fix, ...(move === undefined ? {} : { inAction: move }), place };
}

/** The problem as an action tells it: the one place where a surface chooses its next move. */
export function toldInAction({ inAction, ...problem }: Problem): Problem {
  return inAction === undefined ? problem : { ...problem, hint: inAction };
}

export class DeployError extends Error {
  readonly problem: Problem;

  constructor(code: ErrorCode, message: string, options: NextMove & { place?: Place; cause?: unknown } = {}) {
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
  ...packageCodes,
} as const;

export type ErrorCode = keyof typeof errorCodes;
