import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { listFiles } from "../lib/files.ts";
import { root } from "../lib/root.ts";
import { banner } from "./banner.ts";
import { dense } from "./generated.ts";
import { late } from "./late.ts";
import { licensesOf } from "./licenses.ts";
import { packLightning, usesLightning } from "./lightning.ts";

/** The folder of what several entries hold. */
const shared = "shared";

/** Optional parts of ssh2: used where they happen to be installed, and we never install them. */
const natives = ["cpu-features", "./crypto/build/Release/sshcrypto.node"];

/** Azure's Arrow tables and Kerberos proxies, the HTML minifier's own minifiers, ssh2's agents for HTTP: loaded on paths we do not take. */
const neverUsed: Plugin = {
  name: "never used",
  setup({ onResolve, onLoad }) {
    const filter = /^(apache-arrow|kerberos|@swc\/core|lightningcss|svgo|\.\/http-agents\.js)$/;
    onResolve({ filter }, ({ path }) => ({ path, namespace: "never-used" }));
    onLoad({ filter: /./, namespace: "never-used" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** A main of ours: the source that begins it, and the folder of its `index.mjs`. */
export interface Entry {
  readonly source: string;
  readonly folder: string;
}

/**
 * Puts an ES module per entry, what several of them hold or what is imported late in files of its own, and the licences of
 * all of it into `out`: every file once, however many actions need it. Throws the bundler's words.
 */
export async function bundle(entries: readonly Entry[], out: string): Promise<void> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    banner: { js: banner },
    bundle: true,
    charset: "utf8",
    chunkNames: `${shared}/[name]-[hash]`,
    entryPoints: entries.map(({ source, folder }) => ({ in: source, out: `${folder}/index` })),
    external: natives,
    format: "esm",
    legalComments: "none",
    // Not CommonJS where a package has both: of that, what is imported late has no names in a file of its own.
    mainFields: ["module", "main"],
    logLevel: "silent",
    metafile: true,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    plugins: [neverUsed, late],
    splitting: true,
    target: "es2023",
    treeShaking: true,
    write: false,
  });
  checkFound(metafile);
  checkNamed(metafile);
  const files = new Map<string, Uint8Array>();
  for (const { path, contents } of outputFiles)
    files.set(path, await dense(contents, metafile.outputs[relative(root, path)] ?? { inputs: {} }));
  const inputs = Object.keys(metafile.inputs);
  const wasm = inputs.some((file) => file.endsWith(usesLightning)) ? packLightning() : undefined;
  if (wasm !== undefined) files.set(join(out, shared, wasm.name), wasm.bytes);
  files.set(join(out, "licenses.txt"), Buffer.from(licensesOf(inputs) + (wasm?.license ?? "")));
  replace(out, files);
}

/** What is asked for in a `try` and is not there stays a `require` that fails when it runs; here it fails. */
function checkFound({ outputs }: Metafile): void {
  const made = new Set(Object.keys(outputs));
  const missing = Object.values(outputs)
    .flatMap(({ imports }) => imports.map(({ path }) => path))
    .filter((name) => !made.has(name) && !isBuiltin(name) && !natives.includes(name));
  if (missing.length > 0) throw new Error(`cannot find ${[...new Set(missing)].join(", ")}`);
}

/** CommonJS that is imported late: its importers ask for `default`, which is all that such a file exports. */
const unnamed = /\/(browserslist\/index|less\/dist\/less-node|source-map-js\/source-map)\.c?js$/;

function checkNamed({ outputs }: Metafile): void {
  for (const { entryPoint = "", exports } of Object.values(outputs)) {
    const ours = entryPoint.includes("node_modules/") && exports.length === 1 && exports[0] === "default";
    if (ours && !unnamed.test(entryPoint))
      throw new Error(`${entryPoint} is CommonJS and imported late: ask for its default, and list it here`);
  }
}

/** Removes what an earlier build left last, so that nobody who starts meanwhile finds a hole. */
function replace(out: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  for (const file of listFiles(out)) if (!files.has(join(out, file))) rmSync(join(out, file));
}
