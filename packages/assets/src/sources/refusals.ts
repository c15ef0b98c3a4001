import { DeployError, type ErrorCode, type Problem } from "@deploy/core";

/** A path of the source tree that may not be built, as data: they are collected and shown all at once. */
export function refuse(code: ErrorCode, path: string, message: string, hint: string): Problem {
  return new DeployError(code, message, { hint, place: { file: printable(path) } }).problem;
}

/** Names that a URL, a manifest or an object store cannot carry alike everywhere. */
export function checkName(path: string): Problem | undefined {
  const refused = (why: string) => refuse("asset-name", path, `The name ${why}`, "Rename the file.");
  if (/\p{Cc}/u.test(path)) return refused("holds a control character");
  if (path.includes("\\")) return refused("holds a backslash");
  if (path.split("/").includes("..")) return refused('has ".." as a part');
  return undefined;
}

/** As it would stand in a JSON string: nothing of it acts on a terminal. */
export function printable(path: string): string {
  return JSON.stringify(path).slice(1, -1);
}
