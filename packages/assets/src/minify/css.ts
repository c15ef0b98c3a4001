import type { Problem } from "@deploy/core";
import type { TransformOptions, TransformResult } from "lightningcss-wasm";
import type { Warning } from "../compile/compiled.ts";
import { dropFirstSource, readMap, type SourceMap } from "../compile/sourceMap.ts";
import { excerptAt, syntaxProblem } from "../compile/syntax.ts";
import type { Targets } from "../tools/targets.ts";
import { dropStarHacks } from "./starHack.ts";

type Features = Readonly<Record<"MediaIntervalSyntax" | "MediaRangeSyntax" | "HexAlphaColors", number>>;

/** What we use of lightningcss; WebAssembly and native have the same. */
export interface CssDriver {
  transform(options: TransformOptions<Record<string, never>>): TransformResult;
  readonly features: Features;
}

export function driveLightning(loaded: unknown): CssDriver {
  const { transform, Features } = loaded as { transform: CssDriver["transform"]; Features: Features };
  return { transform, features: Features };
}

export interface CssInput {
  readonly css: string;
  /** From the source folder: the name in the map. */
  readonly path: string;
  readonly map?: SourceMap;
  readonly minify: boolean;
  readonly sourceMaps: boolean;
  readonly targets?: Targets;
}

export interface CssOutput {
  readonly code: Uint8Array;
  readonly map?: SourceMap;
  readonly warnings: readonly { readonly text: string; readonly line: number; readonly column: number }[];
}

/** Minifies, and rewrites for the browsers named. Throws what lightningcss throws: see `cssFault`. */
export function minifyCss(lightning: CssDriver, input: CssInput): CssOutput {
  const { result, dropped } = transform(lightning, input);
  const map = result.map == null ? undefined : readMap(decode(result.map), (source) => source);
  const warnings = result.warnings.map(({ message, loc }) => ({
    text: message,
    line: loc.line,
    column: loc.column,
  }));
  return {
    // A copy: the WebAssembly's own memory moves when it grows, and then this would be empty.
    code: Uint8Array.from(result.code),
    ...(map === undefined ? {} : { map: input.map === undefined ? map : dropFirstSource(map) }),
    warnings: [...warnings, ...dropped],
  };
}

/** A style sheet that lightningcss cannot read is read again without star hacks; what it then says is the fault. */
function transform(lightning: CssDriver, input: CssInput) {
  try {
    return { result: lightning.transform(toOptions(lightning.features, input)), dropped: [] };
  } catch (error) {
    const { css, dropped } = dropStarHacks(input.css);
    if (dropped.length === 0) throw error;
    return { result: lightning.transform(toOptions(lightning.features, { ...input, css })), dropped };
  }
}

function toOptions(features: Features, input: CssInput): TransformOptions<Record<string, never>> {
  return {
    filename: input.path,
    code: new TextEncoder().encode(input.css),
    minify: input.minify,
    sourceMap: input.sourceMaps,
    ...(input.map === undefined ? {} : { inputSourceMap: JSON.stringify(input.map) }),
    ...(input.targets === undefined ? { include: never(features) } : { targets: input.targets }),
  };
}

/** Where no browsers are named, minifying must not ask for newer ones than the source did: `min-width` stays `min-width`. */
function never(features: Features): number {
  return features.MediaIntervalSyntax | features.MediaRangeSyntax | features.HexAlphaColors;
}

export interface CssFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Where and why, in the text that lightningcss was given; undefined for an error of another kind. */
export function cssFault(error: unknown): CssFault | undefined {
  const { message, loc } = error as { message?: string; loc?: { line: number; column: number } };
  return typeof loc?.line === "number" ? { message: message ?? "", ...loc } : undefined;
}

/** A fault of a style sheet somebody wrote. */
export function cssProblem(fault: CssFault, css: string, file: string): Problem {
  const { message, line, column } = fault;
  return syntaxProblem({
    tool: "lightningcss",
    message,
    file,
    line,
    column,
    excerpt: excerptAt(css, line, column),
  });
}

export function toWarnings(output: CssOutput, file: string): readonly Warning[] {
  return output.warnings.map(({ text, line, column }) => ({ text, place: { file, line, column } }));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
