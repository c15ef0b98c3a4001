import { type ErrorCode, errorCodes, makeProblem, type Place, type Problem } from "../../errors.ts";

/** Gives a finding its place; without a hint of its own, the fix of its code is the next move. */
export function problem(
  found: { readonly code: ErrorCode; readonly message: string; readonly hint?: string },
  place: Place,
): Problem {
  const { code, message } = found;
  return makeProblem(code, message, { ...(found.hint === undefined ? {} : { hint: found.hint }), place });
}

/** `file:line:column path: expected …, got …`, and the hint where it says more than the code's usual fix. */
export function formatConfigProblem({ code, message, hint, place }: Problem): string {
  const { file, line, column, path = "" } = place;
  const position = [line, column].filter((part) => part !== undefined);
  const where =
    file === undefined ? [path, ...position].join(":") : `${[file, ...position].join(":")} ${path}`;
  const text = `${where.trim()}: ${message}`;
  return hint === errorCodes[code].fix ? text : `${text}. ${hint}`;
}
