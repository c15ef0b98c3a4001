import type { SourceMap } from "../compile/sourceMap.ts";

export interface JsInput {
  readonly code: string;
  /** From the source folder: the name in the map. */
  readonly path: string;
  readonly module: boolean;
  readonly sourceMaps: boolean;
  /** A map that came with the file. */
  readonly map?: SourceMap;
}

export interface JsOutput {
  readonly code: string;
  readonly map?: string;
}

/** A minifier of JavaScript. Throws a `JsFault` where the file has a syntax error. */
export interface JsDriver {
  minify(input: JsInput): Promise<JsOutput>;
  dispose?(): Promise<void> | void;
}

/** Where and why; lines and columns from 1. */
export class JsFault extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = "JsFault";
    this.line = line;
    this.column = column;
  }
}
