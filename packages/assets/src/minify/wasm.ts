import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { brotliDecompressSync } from "node:zlib";
import { Environment, napi } from "napi-wasm";
import type { CssDriver } from "./css/lightning.ts";

/**
 * lightningcss as WebAssembly. The package's own loader reads 16 MB beside itself, which a bundle holds packed, so these lines
 * are that loader with the bytes from elsewhere. Its asynchronous bundler is not set up: nobody calls it.
 */
export function startWasm(): CssDriver {
  keepBaseline();
  let environment: Environment | undefined;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readWasm()), {
    env: {
      ...napi,
      await_promise_sync: () => undefined,
      __getrandom_v03_custom: (start: number, length: number) => {
        if (environment) crypto.getRandomValues(environment.memory.subarray(start, start + length));
      },
    },
  });
  (instance.exports.register_module as () => void)();
  environment = new Environment(instance);
  return { transform: environment.exports.transform as CssDriver["transform"] };
}

/**
 * V8 would optimise these 16 MB in the background for more than six seconds, on the cores that compile style sheets meanwhile,
 * to save a fraction of one: its first, quick translation is fast enough.
 */
function keepBaseline(): void {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
}

function readWasm(): Uint8Array {
  // Put there by scripts/build/lightning.ts.
  const packed = join(import.meta.dirname, "lightningcss.wasm.br");
  if (existsSync(packed)) return brotliDecompressSync(readFileSync(packed));
  // In two parts, else the bundler would put the file beside the bundle.
  const name = ["lightningcss-wasm", "lightningcss_node.wasm"].join("/");
  return readFileSync(createRequire(import.meta.url).resolve(name));
}
