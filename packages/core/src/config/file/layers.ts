import { DeployErrors, type Place } from "../../errors.ts";
import { own as ownKeys } from "../schema.ts";
import { allSections } from "../sections.ts";
import { type Path, readYaml, type YamlDocument } from "./document.ts";
import { isMany, nameIn, type Picked } from "./environment.ts";
import { inputFor, type Override } from "./overrides.ts";
import { formatPath, valueAt } from "./path.ts";
import { problem } from "./problem.ts";

type Tree = Readonly<Record<string, unknown>>;

/** Settings of one environment, laid over each other: file, its environment, inputs. Knows where each came from. */
export interface Layers {
  readonly tree: Tree;
  place(path: Path, at: "key" | "value"): Place;
  /** Whether an input says it, not the file. */
  isInput(path: Path): boolean;
}

export interface ConfigFile {
  readonly name: string;
  readonly document: YamlDocument;
}

/** Throws DeployErrors `config-syntax` for what is no YAML. */
export function readFile(text: string, name: string): ConfigFile {
  const document = readYaml(text);
  const syntax = document.problems.map(({ message, ...position }) =>
    problem({ code: "config-syntax", message }, { file: name, ...position }),
  );
  if (syntax.length > 0) throw new DeployErrors(syntax);
  return { name, document };
}

/** Of `environments:`, in the file's order. */
export function environmentKeys({ document }: ConfigFile): readonly string[] {
  return Object.keys(asTree(valueAt(document.data, ["environments"])));
}

/** By name, those that stand for themselves. */
export function environmentNames(text: string, name: string): readonly string[] {
  return environmentKeysIn(text, name).filter((key) => !isMany(key));
}

/** The same, with those of which one stands for many: `preview-*`. */
export function environmentKeysIn(text: string, name: string): readonly string[] {
  return environmentKeys(readFile(text, name));
}

/** Lays an environment's keys over the file's, whole keys, then each input over its one value. */
export function layEnvironment(
  file: ConfigFile | undefined,
  { name, key: environment }: Picked,
  overrides: readonly Override[],
): Layers {
  const top = asTree(file?.document.data);
  const inner: Path = environment === undefined ? [] : ["environments", environment];
  const said = environment === undefined ? {} : asTree(valueAt(top, inner));
  const own = environment !== undefined && isMany(environment) ? nameIn(said, name) : said;
  const { environments: _, ...base } = top;
  const tree = overrides.reduce((tree, override) => setAt(tree, override.path, override.value), {
    ...base,
    ...own,
  } as Tree);
  return {
    tree,
    isInput: (path) => overrides.some((override) => startsWith(path, override.path)),
    place(path, at) {
      const override = overrides.find((override) => startsWith(path, override.path));
      if (override) return placeOfInput(override, path);
      if (file === undefined) return { path: `input ${inputFor(path)}` };
      const [key = ""] = path;
      return placeIn(file, isOwn(own, key) ? [...inner, ...path] : path, at);
    },
  };
}

/** Keys that only environments have are missing there, not at the top. */
function isOwn(own: Tree, key: string | number): boolean {
  return Object.hasOwn(own, key) || Object.hasOwn(ownKeys, key);
}

function placeOfInput(override: Override, path: Path): Place {
  const index = path[override.path.length];
  const line = typeof index === "number" ? override.lines[index] : undefined;
  return { path: `input ${override.input}`, ...(line === undefined ? {} : { line }) };
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}

function asTree(data: unknown): Tree {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Tree) : {};
}

/** A copy of the tree with one value set. A text that means a key of its mapping becomes that mapping on the way. */
function setAt(tree: Tree, path: Path, value: unknown): Tree {
  const [key, ...rest] = path;
  if (key === undefined) return tree;
  const below = tree[key];
  const word = wordOf(key);
  const parent = typeof below === "string" && word !== undefined ? { [word]: below } : asTree(below);
  return { ...tree, [key]: rest.length === 0 ? value : setAt(parent, rest, value) };
}

/** `migrate: x` is `migrate: { run: x }`. */
function wordOf(key: string | number): string | undefined {
  return allSections.find((section) => Object.hasOwn(section.keys, key))?.word;
}

/** A path of the file with its line and column; the whole file has no path. */
export function placeIn(file: ConfigFile, path: Path, at: "key" | "value"): Place {
  const text = formatPath(path);
  return { file: file.name, ...file.document.locate(path, at), ...(text === "" ? {} : { path: text }) };
}
