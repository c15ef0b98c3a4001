// One bundle, in a process of its own: `node scripts/build/bundle.ts ENTRY FOLDER`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ncc from "@vercel/ncc";
import { root } from "../lib/root.ts";
import { banner } from "./banner.ts";
import { inlineLightning } from "./lightning.ts";

const [entry, folder] = process.argv.slice(2);
if (entry === undefined || folder === undefined) {
  console.error("usage: bundle.ts ENTRY FOLDER");
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
const strangers = Object.keys(assets).filter(
  (name) => name !== licenses && !natives.some((native) => name.endsWith(native)),
);
// What it cannot find it leaves as a stub that fails when it runs; here it fails.
const stubs = [...code.matchAll(/eval\("require"\)\("([^"]*)"\)/g)]
  .map(([, name = ""]) => name)
  .filter((name) => !natives.some((native) => name.endsWith(native)));
if (stubs.length > 0) {
  console.error(`${entry}: cannot find ${stubs.join(", ")}`);
  process.exit(1);
}
if (strangers.length > 0) {
  console.error(`${entry}: a bundle is one file, yet this one also needs ${strangers.join(", ")}`);
  process.exit(1);
}

mkdirSync(folder, { recursive: true });
const lightning = inlineLightning(code);
writeFileSync(join(folder, "index.mjs"), banner + lightning.code + code);
const texts = assets[licenses];
if (texts !== undefined) writeFileSync(join(folder, licenses), texts.source + lightning.license);
