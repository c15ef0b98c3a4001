declare module "less/dist/less-node.cjs" {
  const less: unknown;
  export default less;
}
/** Node's, as far as it is used here: the compiler has it with browsers' types only. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
}
declare module "napi-wasm" {
  export const napi: Readonly<Record<string, unknown>>;
  export class Environment {
    constructor(instance: WebAssembly.Instance);
    readonly exports: Readonly<Record<string, unknown>>;
    readonly memory: Uint8Array;
  }
}
