import { DeployErrors, makeProblem, type Place, type Problem } from "@deploy/core";
import { type Draft, sizeOf } from "./draft.ts";
import { folderOf } from "./paths.ts";
import type { Reference } from "./reference.ts";
import { resolve, type Target } from "./resolve.ts";
import { scan } from "./scan.ts";
import { positionOf } from "./text.ts";

/** A reference that names a file of the tree. */
export interface Link {
  readonly reference: Reference;
  /** Logical path. */
  readonly target: string;
}

export type Warn = (text: string, place: { file: string; line?: number; column?: number }) => void;

export interface Tree {
  readonly has: (path: string) => boolean;
  /** Path of the base URL, or where the tree is served (`/shop`), below which absolute references are looked for. */
  readonly mount: string;
  /** They are looked for at the root too. */
  readonly rooted: boolean;
  /** Not rewritten, so that what it names is its own affair: never an error. */
  readonly isFixed: (path: string) => boolean;
  readonly onWarning: Warn;
}

/**
 * What every draft names, by its path. A needed reference to no file is a warning; one out of the tree is an error:
 * all are named at once (DeployErrors of `asset-reference`).
 */
export function findLinks(drafts: readonly Draft[], tree: Tree): ReadonlyMap<string, readonly Link[]> {
  const problems: Problem[] = [];
  const links = new Map(drafts.map((draft) => [draft.path, linksOf(draft, tree, problems)]));
  if (problems.length > 0) throw new DeployErrors(problems);
  return links;
}

function linksOf(draft: Draft, tree: Tree, problems: Problem[]): readonly Link[] {
  const { text, language, path } = draft;
  if (text === undefined || language === undefined) return [];
  const { references, base } = scan(language, text.text);
  const folder = base === undefined ? folderOf(path) : baseFolder(path, base, tree);
  if (folder === undefined) return [];
  const links: Link[] = [];
  for (const reference of references) {
    const target = resolve(folder, reference.path, tree.has, tree);
    if (target.kind === "file") links.push({ reference, target: target.path });
    else if (reference.needed) miss(draft, reference, target, tree, problems);
  }
  return links;
}

/**
 * The folder that `<base>` makes addresses relative to; undefined: elsewhere, so that nothing in the document can be
 * told. A base that is no folder of the tree is where the tree is mounted.
 */
function baseFolder(path: string, base: string, tree: Tree): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(base)) return undefined;
  const folder = base.replace(/[?#].*$/, "").replace(/[^/]*$/, "");
  const found = resolve(folderOf(path), folder, () => true);
  if (found.kind !== "file") return undefined;
  return tree.has(`${found.path}/`) || !folder.startsWith("/") ? found.path : "";
}

function miss(draft: Draft, reference: Reference, target: Target, tree: Tree, problems: Problem[]): void {
  const place = placeOf(draft, reference);
  // What a script computes may run elsewhere.
  const sure = draft.language !== "js" || reference.kind === "import";
  if (reference.path.startsWith("/")) {
    missRooted(reference.path, place, tree);
  } else if (target.kind === "outside" && sure && !tree.isFixed(draft.path)) {
    const message = `"${reference.path}" leads out of the tree`;
    problems.push(makeProblem("asset-reference", message, { place }));
  } else {
    tree.onWarning(`"${reference.path}" names no file of the tree`, place);
  }
}

/** An absolute address may be anyone's; one that ends as a file of the tree does is told. */
function missRooted(path: string, place: { file: string }, { has, mount, onWarning }: Tree): void {
  const segments = path.split("/").slice(1);
  const tails = segments.map((_, index) => segments.slice(index).join("/"));
  const meant = tails.find((tail) => tail !== "" && resolve("", tail, has).kind === "file");
  if (meant === undefined) return;
  const served = mount === "" ? "served elsewhere" : `served below "${mount}"`;
  const why = `"${path}" keeps pointing there, and "${meant}" of the tree is ${served}: write it relative, or name base-url`;
  onWarning(why, place);
}

/** The line is the source's where the text still is; of what was compiled or minified only the file is known. */
function placeOf({ file, text }: Draft, { start }: Reference): Place & { file: string } {
  const asWritten = file.before === sizeOf(file);
  return { file: file.from, ...(asWritten ? positionOf(text?.text ?? "", start) : {}) };
}
