import { cleanLine, DeployError, type ErrorCode } from "@deploy/core";
import { type ExecResult, passwordOf, type Source } from "@deploy/remote";

/** The same error, with the host it happened on. */
export function onHost(host: string, error: unknown): unknown {
  if (!(error instanceof DeployError) || error.problem.place.host !== undefined) return error;
  const { code, message, place, ...move } = error.problem;
  return new DeployError(code, message, { ...move, place: { ...place, host }, cause: error });
}

/** The same error, with one more sentence. */
export function withNote(error: unknown, note: string): unknown {
  if (!(error instanceof DeployError)) return new Error(`${String(error)}. ${note}`, { cause: error });
  const { code, message, ...rest } = error.problem;
  return new DeployError(code, `${message}. ${note}`, { ...rest, cause: error });
}

export function isCode(error: unknown, ...codes: readonly ErrorCode[]): boolean {
  return error instanceof DeployError && codes.includes(error.problem.code);
}

/** What an abort led to is `backup-cancelled`, whatever it looked like on the way. */
export function orCancelled(what: string, signal: AbortSignal | undefined, error: unknown): unknown {
  if (signal?.aborted !== true || isCode(error, "backup-cancelled")) return error;
  return new DeployError("backup-cancelled", `The ${what} was cancelled`, { cause: error });
}

/** The end of what the tools said, without frames and without the password. */
export function lastWords({ stderr }: ExecResult, source: Source): string {
  const [before = ""] = stderr.split("\n--deploy-begin--\n");
  const password = passwordOf(source);
  const text = password.length < 4 ? before : before.replaceAll(password, "***");
  const end = cleanLine(text).trim().slice(-300);
  return end === "" ? "" : `: ${end}`;
}
