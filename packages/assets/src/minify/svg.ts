import type { Problem } from "@deploy/core";
import { syntaxProblem } from "../compile/syntax.ts";

interface Svgo {
  optimize(svg: string, options: unknown): { data?: string; error?: string; modernError?: unknown };
  readonly VERSION?: string;
}

export interface SvgDriver {
  minify(svg: string, path: string): string;
}

/** As svgo has it: `SvgoParserError`. */
interface SvgoError {
  readonly reason: string;
  readonly line: number;
  readonly column: number;
  toString(): string;
}

/** What its own defaults do and an icon may need: ids are referred to from pages and other files, titles are read aloud. */
const kept = ["cleanupIds", "cleanupIDs", "removeHiddenElems", "removeViewBox", "removeTitle", "removeDesc"];
/** Which of these the preset has, per major version; naming another one is a warning. */
const inPreset: Readonly<Record<number, readonly string[]>> = {
  2: ["cleanupIDs", "removeHiddenElems", "removeViewBox", "removeTitle", "removeDesc"],
  3: ["cleanupIds", "removeHiddenElems", "removeViewBox", "removeTitle", "removeDesc"],
  4: ["cleanupIds", "removeHiddenElems", "removeDesc"],
};

export function driveSvgo(loaded: unknown, version: string): SvgDriver {
  const svgo = loaded as Svgo;
  const major = Number(version.split(".")[0]);
  const names = kept.filter((name) => inPreset[major]?.includes(name));
  const overrides = Object.fromEntries(names.map((name) => [name, false]));
  const plugins = [{ name: "preset-default", params: { overrides } }];
  return { minify: (svg, path) => minify(svgo, svg, { path, plugins }) };
}

/** A font is left alone: its glyphs are no drawing that svgo knows. */
function minify(svgo: Svgo, svg: string, options: unknown): string {
  if (/<font[\s>]/.test(svg)) return svg;
  const { data, error, modernError } = svgo.optimize(svg, options);
  if (data === undefined) throw modernError ?? new Error(error);
  return data;
}

/** An error of svgo's parser as a problem; undefined for any other. */
export function svgProblem(error: unknown, file: string): Problem | undefined {
  const { reason, line, column } = error as Partial<SvgoError>;
  if (typeof reason !== "string") return undefined;
  const excerpt = String(error).split("\n").slice(2).join("\n").trimEnd();
  return syntaxProblem({ tool: "svgo", message: reason, file, line, column, excerpt });
}
