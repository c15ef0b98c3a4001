import type { TransformOptions, TransformResult } from "lightningcss-wasm";
import type { Targets } from "../../tools/targets.ts";

type Options = TransformOptions<Record<string, never>>;

/** What we use of lightningcss; WebAssembly and native have the same. */
export interface CssDriver {
  transform(options: Options): TransformResult;
}

export function driveLightning(loaded: unknown): CssDriver {
  return loaded as CssDriver;
}

/** What lightningcss prints of a sheet; what it cannot read is not in there. */
export function rewrite(lightning: CssDriver, css: string, targets?: Targets): string {
  const code = new TextEncoder().encode(css);
  const asked = { filename: "x.css", code, minify: false, errorRecovery: true };
  const { code: made } = lightning.transform(targets === undefined ? asked : { ...asked, targets });
  // Decoded at once: the WebAssembly's own memory moves when it grows.
  return new TextDecoder().decode(made);
}
