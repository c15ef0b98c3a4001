import { mkdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { root } from "../lib/root.ts";
import { banner } from "./banner.ts";
import { licensesOf } from "./licenses.ts";
import { inlineLightning } from "./lightning.ts";

/** Optional parts of ssh2: used where they happen to be installed, and we never install them. */
const natives = ["cpu-features", "./crypto/build/Release/sshcrypto.node"];

/** Azure's Arrow tables and Kerberos proxies, and the HTML minifier's own minifiers: loaded on paths we do not take. */
const neverUsed: Plugin = {
  name: "never used",
  setup({ onResolve, onLoad }) {
    const filter = /^(apache-arrow|kerberos|@swc\/core|lightningcss|svgo)$/;
    onResolve({ filter }, ({ path }) => ({ path, namespace: "never-used" }));
    onLoad({ filter: /./, namespace: "never-used" }, () => ({ contents: "module.exports = {};" }));
  },
};

/**
 * Puts one self-contained ES module, and the licences of what it holds, into the folder; what is imported late is run
 * late all the same. Throws the bundler's words.
 */
export async function bundle(entry: string, folder: string): Promise<void> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    charset: "utf8",
    entryPoints: [entry],
    external: natives,
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    outfile: join(folder, "index.mjs"),
    platform: "node",
    plugins: [neverUsed],
    target: "es2023",
    treeShaking: true,
    write: false,
  });
  const code = outputFiles[0]?.text ?? "";
  const made = Object.values(metafile.outputs);
  // What is asked for in a `try` and is not there stays a `require` that fails when it runs; here it fails.
  const missing = made
    .flatMap(({ imports }) => imports.map(({ path }) => path))
    .filter((name) => !isBuiltin(name) && !natives.includes(name));
  if (missing.length > 0) throw new Error(`${entry}: cannot find ${[...new Set(missing)].join(", ")}`);
  const lightning = inlineLightning(code);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.mjs"), banner + lightning.code + code);
  writeFileSync(
    join(folder, "licenses.txt"),
    licensesOf(made.flatMap(({ inputs }) => Object.keys(inputs))) + lightning.license,
  );
}
