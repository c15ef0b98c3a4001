import type { MinifyOptions, MinifyOutput } from "terser";
import { type JsDriver, JsFault, type JsInput, type JsOutput } from "./js.ts";

interface Terser {
  minify(files: Readonly<Record<string, string>>, options: MinifyOptions): Promise<MinifyOutput>;
}

interface TerserError {
  readonly message: string;
  readonly line: number;
  /** From 0. */
  readonly col: number;
}

export function driveTerser(loaded: unknown): JsDriver {
  const terser = loaded as Terser;
  return { minify: (input) => minify(terser, input) };
}

async function minify(terser: Terser, input: JsInput): Promise<JsOutput> {
  const { code, map } = await terser.minify({ [input.path]: input.code }, toOptions(input)).catch(rethrow);
  return { code: code ?? "", ...(typeof map === "string" ? { map } : {}) };
}

function toOptions(input: JsInput): MinifyOptions {
  const content = input.map === undefined ? {} : { content: JSON.stringify(input.map) };
  return {
    module: input.module,
    // `/*! … */`, @license and @preserve stay.
    format: { comments: "some" },
    ...(input.sourceMaps ? { sourceMap: { includeSources: true, ...content } } : {}),
  };
}

function rethrow(error: unknown): never {
  const { message, line, col } = error as Partial<TerserError>;
  if (typeof line !== "number") throw error;
  throw new JsFault(message ?? "", line, (col ?? 0) + 1);
}
