// Bundles, in a process of their own: `node scripts/build/bundle.ts ENTRY FOLDER [ENTRY FOLDER…]`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ncc from "@vercel/ncc";
import { root } from "../lib/root.ts";
import { banner } from "./banner.ts";
import { inlineLightning } from "./lightning.ts";

const args = process.argv.slice(2);
if (args.length === 0 || args.length % 2 !== 0) {
  console.error("usage: bundle.ts ENTRY FOLDER [ENTRY FOLDER…]");
  process.exit(2);
}

/** Optional parts of ssh2: used where they happen to be installed, and we never install them. */
const natives = ["cpufeatures.node", "sshcrypto.node", "pagent.exe"];
const licenses = "licenses.txt";
/**
 * Loaded on paths we do not take. An external of an ES module is imported at its top, whoever needs it late,
 * so Azure's Arrow tables and Kerberos proxies become a module that is always there; ssh2 asks in vain for its speed-up.
 */
const neverUsed = {
  "apache-arrow": "node:module",
  kerberos: "node:module",
  "cpu-features": "cpu-features",
  // The HTML minifier's own minifiers of what stands inside of pages.
  "@swc/core": "node:module",
  lightningcss: "node:module",
  svgo: "node:module",
};

for (let index = 0; index < args.length; index += 2) await bundle(args[index] ?? "", args[index + 1] ?? "");

async function bundle(entry: string, folder: string): Promise<void> {
  const { code, assets } = await ncc(entry, {
    cache: false,
    esm: true,
    externals: neverUsed,
    filterAssetBase: root,
    license: licenses,
    minify: false,
    quiet: true,
    sourceMap: false,
    target: "es2023",
  });
  const isNative = (name: string) => natives.some((native) => name.endsWith(native));
  const strangers = Object.keys(assets).filter((name) => name !== licenses && !isNative(name));
  // What it cannot find it leaves as a stub that fails when it runs; here it fails.
  const stubs = [...code.matchAll(/eval\("require"\)\("([^"]*)"\)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !isNative(name));
  if (stubs.length > 0) fail(`${entry}: cannot find ${stubs.join(", ")}`);
  if (strangers.length > 0)
    fail(`${entry}: a bundle is one file, yet this one also needs ${strangers.join(", ")}`);

  mkdirSync(folder, { recursive: true });
  const lightning = inlineLightning(code);
  writeFileSync(join(folder, "index.mjs"), banner + lightning.code + code);
  const texts = assets[licenses];
  if (texts !== undefined) writeFileSync(join(folder, licenses), texts.source + lightning.license);
}

function fail(problem: string): never {
  console.error(problem);
  process.exit(1);
}
