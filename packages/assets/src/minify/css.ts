import type { SourceMap } from "../compile/sourceMap.ts";
import { plain } from "../fingerprint/mapped.ts";
import type { Targets } from "../tools/targets.ts";
import { type Fault, faultsOf } from "./css/faults.ts";
import type { CssDriver } from "./css/lightning.ts";
import { lower } from "./css/lower.ts";
import { mapOf } from "./css/map.ts";
import { parseSheet } from "./css/sheet.ts";
import { squeeze } from "./css/squeeze.ts";

export interface CssInput {
  readonly css: string;
  /** From the source folder: the name in the map. */
  readonly path: string;
  readonly map?: SourceMap;
  readonly minify: boolean;
  readonly sourceMaps: boolean;
  /** Browsers to rewrite it for, and what knows them. */
  readonly browsers?: { readonly lightning: CssDriver; readonly targets: Targets };
}

export interface CssOutput {
  readonly css: string;
  readonly map?: SourceMap;
  readonly faults: readonly Fault[];
}

/** Rewrites for the browsers named, then minifies. Takes any text: what browsers skip is told, and stays. */
export function minifyCss({ css, path, map, minify, sourceMaps, browsers }: CssInput): CssOutput {
  const bom = css.startsWith("\ufeff") ? "\ufeff" : "";
  const text = css.slice(bom.length);
  const sheet = parseSheet(text);
  const lowered =
    browsers === undefined ? plain(text) : lower(browsers.lightning, text, sheet, browsers.targets);
  const small = squeeze(browsers === undefined ? sheet : parseSheet(lowered.text));
  const made = minify ? small : { text: lowered.text, marks: small.marks.map(([, at]) => [at, at] as const) };
  const output = { css: bom + made.text, faults: faultsOf(text, sheet) };
  if (!sourceMaps) return output;
  const marks = made.marks.map(([at, source]) => [at, lowered.at(source)] as const);
  return { ...output, map: mapOf(made.text, marks, { text, path, ...(map && { map }) }) };
}
