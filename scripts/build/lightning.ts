import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { root } from "../lib/root.ts";

/** As packages/assets/src/minify/wasm.ts asks for it. */
const name = "bundledLightningcss";

export interface Inlined {
  /** Put before the bundle: a function, so that its long text is not even read where nobody calls it. */
  readonly code: string;
  readonly license: string;
}

/** The WebAssembly of lightningcss for a bundle that uses it, 16 MB as 3 MB of text: an action is one file. */
export function inlineLightning(bundle: string): Inlined {
  if (!bundle.includes(name)) return { code: "", license: "" };
  const { resolve } = createRequire(join(root, "packages/assets/package.json"));
  const wasm = readFileSync(resolve("lightningcss-wasm/lightningcss_node.wasm"));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
  };
  const text = brotliCompressSync(wasm, { params }).toString("base64");
  return { code: `function ${name}() { return "${text}"; }\n`, license };
}

const license = `
lightningcss-wasm
MPL-2.0
Its WebAssembly is part of this file, unchanged. Source: https://github.com/parcel-bundler/lightningcss
Licence: https://www.mozilla.org/MPL/2.0/
`;
