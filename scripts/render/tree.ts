import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { listActions } from "../build/actions.ts";
import { command } from "../build/build.ts";
import { listFiles } from "../lib/files.ts";
import { root } from "../lib/root.ts";
import type { RenderOptions } from "./options.ts";
import { npmPackage } from "./package.ts";
import { renderPage, renderSelf } from "./self.ts";
import { calledWorkflows, oidcTwin } from "./workflows.ts";

/** Every file of the release tree: its path and its bytes. Reads sources and bundles; throws on a hole. */
export function releaseTree(options: RenderOptions): ReadonlyMap<string, Buffer> {
  const tree = new Map<string, Buffer>([["package.json", Buffer.from(npmPackage(options))]]);
  const page = (file: string) => Buffer.from(renderPage(readFileSync(join(root, file), "utf8"), options));
  for (const file of ["LICENSE", "README.md"]) tree.set(file, page(file));
  // Examples and `deploy init` name it as their $schema.
  tree.set("deploy.schema.json", page("docs/reference/deploy.schema.json"));
  const workflows = calledWorkflows();
  for (const [name, text] of [
    ...workflows,
    ["deploy-oidc.yml", oidcTwin(workflows.get("deploy.yml") ?? "")] as const,
  ])
    tree.set(`.github/workflows/${name}`, Buffer.from(renderSelf(renderPage(text, options), options)));
  const bundles = join(root, "build", "dist");
  for (const file of listFiles(bundles)) tree.set(`dist/${file}`, bundleAt(join(bundles, file), options));
  if (!tree.has(`dist/${command}/index.mjs`))
    throw new Error(`build/dist/${command} is missing: run \`npm run build\``);
  for (const action of listActions()) {
    for (const file of ["action.yml", "README.md"])
      tree.set(`${action}/${file}`, page(`actions/${action}/${file}`));
    checkAction(tree, action);
  }
  // `uses: org/deploy@v1`: what Marketplace lists is at the root.
  tree.set("action.yml", Buffer.from(String(tree.get("deploy/action.yml")).replaceAll("../dist/", "dist/")));
  checkEntry(tree, "");
  return tree;
}

/** `deploy init` writes workflows that call this project by its name. */
function bundleAt(path: string, options: RenderOptions): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith(".mjs") && bytes.includes("org/deploy")
    ? Buffer.from(renderPage(bytes.toString(), options))
    : bytes;
}

function checkAction(tree: ReadonlyMap<string, Buffer>, action: string): void {
  const main = `dist/${action}/index.mjs`;
  if (!tree.has(main)) throw new Error(`build/${main} is missing: run \`npm run build\``);
  checkEntry(tree, action);
}

/** The runner joins action folder and `main`; what it will look for must be in the tree. */
function checkEntry(tree: ReadonlyMap<string, Buffer>, action: string): void {
  const { runs } = parse(String(tree.get(join(action, "action.yml")))) as { runs: Record<string, string> };
  if (runs.using !== "node24") throw new Error(`actions/${action}/action.yml: runs.using must be node24`);
  for (const key of ["pre", "main", "post"]) {
    const entry = runs[key];
    if (key !== "main" && entry === undefined) continue;
    if (!tree.has(join(action, entry ?? ""))) {
      throw new Error(
        `actions/${action}/action.yml: runs.${key} is ${entry}, which is not in the release tree`,
      );
    }
  }
}
