import { createHash } from "node:crypto";
import { DeployError } from "@deploy/core";

/** A file of a tree. `sha256` tells it from others at the same path; what lay there before us may have a made-up one. */
export interface TreeFile {
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly sha256: string;
}

/** What a manifest says, by path; `folders` in an order in which they can be made. */
export interface Tree {
  readonly files: ReadonlyMap<string, TreeFile>;
  readonly folders: readonly string[];
}

export const noTree: Tree = { files: new Map(), folders: [] };

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Reads a manifest (docs/architecture.md, "The stream"). Throws `link-refused`, and `manifest-damaged` for any other line. */
export function treeOf(text: string, extra: readonly TreeFile[] = []): Tree {
  const files = new Map(extra.map((file) => [file.path, file]));
  const folders: string[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const [kind, mode = "", size = "", digest = "", path = ""] = line.split("\t");
    if (kind === "l")
      throw new DeployError("link-refused", `${path} is a symbolic link, and this server keeps none for us`, {
        hint: "Leave it out with `exclude`, or let the build put a copy there.",
      });
    if (!isPath(path) || (kind !== "f" && kind !== "d"))
      throw new DeployError(
        "manifest-damaged",
        `a manifest has the line ${JSON.stringify(line.slice(0, 200))}`,
      );
    if (kind === "d") folders.push(path);
    else files.set(path, { path, mode: Number.parseInt(mode, 8), size: Number(size), sha256: digest });
  }
  return { files, folders };
}

export function linesOf({ files }: Tree): string {
  return [...files.values()]
    .map(({ mode, size, sha256, path }) => `f\t${mode.toString(8)}\t${size}\t${sha256}\t${path}\n`)
    .sort()
    .join("");
}

/** Relative, and nothing in it leads out. */
export function isPath(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return !/[\0-\x1f\x7f]/.test(path) && path.split("/").every((part) => !["", ".", ".."].includes(part));
}

/** Every folder above a path, the uppermost first. */
export function above(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** All folders that a tree has, those above its files with them. */
export function foldersOf({ files, folders }: Tree): ReadonlySet<string> {
  return new Set([...folders, ...[...files.keys(), ...folders].flatMap(above)]);
}

/** Pages name assets, and code includes code: what is named comes before what names it. RELEASE says that all is there. */
export function rankOf(path: string): number {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (path === "RELEASE") return 3;
  if (/^(?:\.htaccess|index\..*)$|\.x?html?$/i.test(name)) return 2;
  return /\.(?:php\d?|phtml|inc|py|rb|pl|cgi|asp|aspx|jsp|twig|tpl)$/i.test(name) ? 1 : 0;
}
