import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import { show } from "../values/text.ts";

export type Path = readonly (string | number)[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SyntaxProblem extends Position {
  readonly message: string;
}

/** A YAML text as data, which still knows where everything stood. */
export interface YamlDocument {
  /** Undefined when the text is no YAML. */
  readonly data: unknown;
  readonly problems: readonly SyntaxProblem[];
  /** Where a value (or its key) stands; for a missing one, where its nearest parent does. From 1. */
  locate(path: Path, at: "key" | "value"): Position;
}

const longest = 256 * 1024;
const mostAliases = 100;
const mostProblems = 20;
const tooDeep = "expected mappings and lists nested a few levels deep, got far more";

/** Reads YAML 1.2 with anchors and merge keys. Never throws: what is wrong is in `problems`. */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const locateNothing = () => ({ line: 1, column: 1 });
  if (text.length > longest) return broken(`expected at most ${longest} characters, got ${text.length}`);
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      merge: true,
      prettyErrors: false,
      stringKeys: true,
    });
    const position = (offset: number): Position => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    };
    const resolve = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
    const problems = [...document.errors, ...document.warnings].map((error) => {
      return {
        ...position(error.pos[0]),
        message: sayError(error.code, error.message, text.slice(error.pos[0])),
      };
    });
    if (problems.some(({ message }) => message.includes("call stack"))) return broken(tooDeep);
    const data = problems.length === 0 ? document.toJS({ maxAliasCount: mostAliases }) : undefined;
    return {
      data,
      problems: problems.slice(0, mostProblems),
      locate: (path, at) => position(findOffset(document.contents, path, at, resolve)),
    };
  } catch (error) {
    // yaml throws for alias bombs and unresolved aliases; deep nesting overflows the stack.
    return broken(error instanceof RangeError ? tooDeep : sayThrown(error));
  }

  function broken(message: string): YamlDocument {
    return { data: undefined, problems: [{ line: 1, column: 1, message }], locate: locateNothing };
  }
}

function sayError(code: string, message: string, rest: string): string {
  if (code === "DUPLICATE_KEY")
    return `expected each key once, got ${show(/^[^\s:]*/.exec(rest)?.[0])} again`;
  return `expected valid YAML, got: ${message.replaceAll(/\s+/g, " ").replace(/[.:]$/, "")}`;
}

function sayThrown(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("Excessive alias count"))
    return `expected at most ${mostAliases} uses of an anchor, got more`;
  return `expected valid YAML, got: ${message}`;
}

function findOffset(
  root: unknown,
  path: Path,
  at: "key" | "value",
  resolve: (node: unknown) => unknown,
): number {
  let node = resolve(root);
  let key: unknown;
  let missing = false;
  for (const part of path) {
    const pair = isMap(node) ? findPair(node.items, String(part), resolve) : undefined;
    const item = isSeq(node) && typeof part === "number" ? node.items[part] : undefined;
    missing = pair === undefined && item === undefined;
    if (missing) break;
    key = pair?.key;
    node = resolve(pair ? pair.value : item);
  }
  const keyStart = startOf(key);
  const start = startOf(node);
  return (at === "key" || missing ? (keyStart ?? start) : (start ?? keyStart)) ?? 0;
}

function findPair(
  pairs: readonly Pair<unknown, unknown>[],
  name: string,
  resolve: (node: unknown) => unknown,
): Pair<unknown, unknown> | undefined {
  const own = pairs.find((pair) => isScalar(pair.key) && String(pair.key.value) === name);
  if (own) return own;
  for (const pair of pairs) {
    if (!isScalar(pair.key) || pair.key.source !== "<<") continue;
    const value = resolve(pair.value);
    for (const source of isSeq(value) ? value.items.map(resolve) : [value]) {
      const found = isMap(source) ? findPair(source.items, name, resolve) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | undefined | null)?.range?.[0];
}
