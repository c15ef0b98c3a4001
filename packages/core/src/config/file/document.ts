import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
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
    const told = [...document.errors, ...document.warnings].slice(0, mostProblems);
    const problems = told.map(({ code, message, pos: [at] }) => {
      const opened = startOfOpen(document, text, message, at);
      if (opened === undefined) return { ...position(at), message: sayError(code, message, text.slice(at)) };
      const said = `expected an end for the ${text[opened]} here, got none up to line ${position(at).line}`;
      return { ...position(opened), message: said };
    });
    if (document.errors.some(({ message }) => message.includes("call stack"))) return broken(tooDeep);
    const nameless = problems.length === 0 ? startOfUnresolved(document) : undefined;
    if (nameless !== undefined) {
      const message = `expected an anchor before its use, got ${show(/^[^\s,\]}]*/.exec(text.slice(nameless))?.[0])}`;
      problems.push({ ...position(nameless), message });
    }
    const data = problems.length === 0 ? document.toJS({ maxAliasCount: mostAliases }) : undefined;
    return {
      data,
      problems,
      locate: (path, at) => position(findOffset(document.contents, path, at, resolve)),
    };
  } catch (error) {
    // yaml throws for alias bombs; deep nesting overflows the stack.
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

/** Where a list, a mapping or a quoted text begins of which yaml says, far below, that its end is missing. */
function startOfOpen(document: Document, text: string, message: string, at: number): number | undefined {
  const [, end = ""] = /(?:end with a |^Missing closing )([\]}"'])/.exec(message) ?? [];
  const begin = { "]": "[", "}": "{" }[end] ?? end;
  let found: number | undefined;
  visit(document, {
    Node(_, { range }) {
      if (begin !== "" && range?.[1] === at && text[range[0]] === begin) found = range[0];
    },
  });
  return found;
}

function startOfUnresolved(document: Document): number | undefined {
  const anchors = new Set<string>();
  let found: number | undefined;
  visit(document, {
    Node(_, node) {
      if (isAlias(node) && !anchors.has(node.source)) found ??= startOf(node);
      else if (!isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor);
    },
  });
  return found;
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
