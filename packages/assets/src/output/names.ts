import { DeployError, DeployErrors, type Problem } from "@deploy/core";

export interface Path {
  readonly path: string;
  /** Source path, for messages. */
  readonly from: string;
}

/** Refuses paths that leave the tree or break a line of a list (`asset-name`), and two files in one place (`asset-clash`). */
export function checkPaths(files: readonly Path[]): void {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const { path, from } of files) {
    const other = taken.get(path);
    if (!isSafe(path))
      problems.push(problem("asset-name", from, `"${printable(path)}" is no path of a file`));
    else if (other !== undefined) {
      problems.push(problem("asset-clash", from, `It and "${printable(other)}" would both be "${path}"`));
    }
    taken.set(path, from);
  }
  for (const { path, from } of files) {
    const folder = foldersOf(path).find((folder) => taken.has(folder));
    if (folder !== undefined) {
      problems.push(problem("asset-clash", from, `"${printable(folder)}" would be a file and a folder`));
    }
  }
  if (problems.length > 0) throw new DeployErrors(problems);
}

/** Relative, within its folder, on one line. */
export function isSafe(path: string): boolean {
  const segments = path.split("/");
  return !/[\p{Cc}\\]/u.test(path) && segments.every((segment) => !["", ".", ".."].includes(segment));
}

/** `a/b/c.css`: `a`, `a/b`. */
export function foldersOf(path: string): readonly string[] {
  const segments = path.split("/").slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}

function problem(code: "asset-name" | "asset-clash", from: string, message: string): Problem {
  return new DeployError(code, message, { place: { file: printable(from) } }).problem;
}

export function printable(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
