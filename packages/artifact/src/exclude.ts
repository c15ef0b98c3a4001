import ignore from "ignore";

/** Asks whether a path of the tree is left out. Parents are asked first: below a folder left out nothing is asked. */
export type LeftOut = (path: string, isDirectory: boolean) => boolean;

/**
 * gitignore's own dialect, case kept apart. `.git` is never sent, nor `.deploy` at the top; `shared` paths and `also` are left out literally,
 * whatever their names mean as patterns.
 */
export function parseExclude(patterns: readonly string[], literal: readonly string[]): LeftOut {
  const excluded = excludes(patterns);
  const left = new Set([".deploy", ...literal.map(trimSlashes)]);
  return (path, isDirectory) =>
    path.split("/").at(-1) === ".git" || left.has(path) || excluded(path, isDirectory);
}

/** What the patterns alone say. */
export function excludes(patterns: readonly string[]): LeftOut {
  const matcher = ignore({ ignorecase: false }).add([...patterns]);
  return (path, isDirectory) => matcher.ignores(isDirectory ? `${path}/` : path);
}

function trimSlashes(path: string): string {
  return path.replace(/^(?:\.?\/)+|\/+$/g, "");
}
