/** What one room may import. The rooms and their reasons: docs/architecture.md. */
export interface Room {
  /** Packages of ours, whole. */
  readonly uses: readonly string[];
  /** Packages of ours, for their types only. */
  readonly types: readonly string[];
  /** Modules of Node; "all" is a room at the edge. */
  readonly node: "all" | readonly string[];
  /** Packages from npm that no other room may import. */
  readonly owns?: readonly string[];
}

const pure = ["crypto", "path", "util"];
const files = [
  ...pure,
  "buffer",
  "events",
  "fs",
  "fs/promises",
  "os",
  "process",
  "stream",
  "stream/promises",
  "url",
  "zlib",
];
const wiring = [
  "artifact",
  "assets",
  "aws",
  "backup",
  "core",
  "engine",
  "package",
  "pull",
  "remote",
  "session",
  "sign",
  "store",
  "transport",
];

/** The import table, one row per room; `actions` stands for each of actions/*. */
export const table: Readonly<Record<string, Room>> = {
  core: { uses: [], types: [], node: pure, owns: ["yaml", "zod"] },
  remote: { uses: ["core"], types: [], node: pure },
  transport: { uses: ["core", "remote"], types: [], node: "all", owns: ["ssh2"] },
  // child_process: the repository's own build commands.
  artifact: { uses: ["core"], types: [], node: [...files, "child_process"], owns: ["ignore"] },
  store: { uses: ["core"], types: [], node: "all", owns: ["@aws-sdk/client-s3", "@smithy/[^/]+"] },
  // Signs with a key it is given; a key that stays in a service is filled in by aws.
  sign: { uses: ["core"], types: [], node: pure },
  // Bytes of packages and repositories; files: a package is written as it grows. A store and a key are given to it.
  package: { uses: ["artifact", "core", "sign"], types: ["store"], node: files },
  // The pointer of machines that deploy themselves; it is given the key and the time.
  pull: { uses: ["core", "sign"], types: ["store"], node: pure },
  // It fills ports of store: credentials, the cache in front; and signs as store does.
  aws: { uses: ["core", "store"], types: [], node: "all", owns: ["@aws-sdk/(?!client-s3/)[^/]+"] },
  // child_process: the project's own build command; worker_threads: compilers side by side; v8: how much to optimise.
  assets: {
    uses: ["core"],
    types: ["store"],
    node: [...files, "child_process", "module", "v8", "worker_threads"],
    owns: [
      "sass",
      "less",
      "lightningcss-wasm",
      "napi-wasm",
      "entities",
      "terser",
      "svgo",
      "es-module-lexer",
      "browserslist",
      "source-map-js",
      "html-minifier-next",
      "htmlparser2",
      "mrmime",
      "@csstools/[^/]+",
    ],
  },
  // age-encryption: a stream in, a stream out; no sockets of its own.
  backup: {
    uses: ["core", "remote"],
    types: ["store", "transport"],
    node: [...files],
    owns: ["age-encryption"],
  },
  engine: { uses: ["core", "remote"], types: ["transport"], node: pure },
  session: {
    uses: ["artifact", "aws", "backup", "core", "engine", "package", "remote", "sign", "store", "transport"],
    types: [],
    node: files,
  },
  "action-kit": { uses: ["core"], types: ["engine"], node: files, owns: ["@actions/[^/]+"] },
  cli: { uses: wiring, types: [], node: "all", owns: ["commander"] },
  testkit: { uses: wiring, types: [], node: "all" },
  actions: { uses: ["action-kit", ...wiring], types: [], node: "all" },
};

/** Rooms that may also import what another room owns: the testkit runs ssh2 servers. */
export const borrows: Readonly<Record<string, readonly string[]>> = { testkit: ["ssh2"] };
