import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { root } from "../lib/root.ts";

/** The source that reads it, beside itself. */
export const usesLightning = "packages/assets/src/minify/wasm.ts";

/** The WebAssembly of lightningcss, 16 MB, packed to a seventh, under the name that `usesLightning` asks for. */
export function packLightning(): { readonly name: string; readonly bytes: Buffer; readonly license: string } {
  const { resolve } = createRequire(join(root, "packages/assets/package.json"));
  const wasm = readFileSync(resolve("lightningcss-wasm/lightningcss_node.wasm"));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
  };
  return { name: "lightningcss.wasm.br", bytes: brotliCompressSync(wasm, { params }), license };
}

const license = `
lightningcss-wasm
MPL-2.0
Its WebAssembly is shared/lightningcss.wasm.br, unchanged. Source: https://github.com/parcel-bundler/lightningcss
Licence: https://www.mozilla.org/MPL/2.0/
`;
