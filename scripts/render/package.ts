import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../build/build.ts";
import { root } from "../lib/root.ts";
import type { RenderOptions } from "./options.ts";

const bin = `dist/${command}/index.mjs`;

/**
 * The release tree is also the npm package of the command: `npx @owner/name`, or `npx github:owner/name` where nobody
 * published it. It makes the bundles ES modules.
 */
export function npmPackage({ repository, ref }: Pick<RenderOptions, "repository" | "ref">): string {
  const { description, license, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const about = {
    // npm knows small letters only.
    name: `@${repository.toLowerCase()}`,
    version: ref.match(/^v(\d+\.\d+\.\d+)(?![.\d])/)?.[1] ?? "0.0.0",
    description,
    license,
    repository: `github:${repository}`,
    type: "module",
    bin: { deploy: bin },
    engines,
    files: [`dist/${command}`, "dist/shared", "dist/licenses.txt", "deploy.schema.json"],
  };
  return `${JSON.stringify(about, undefined, 2)}\n`;
}

/** What a tree held before the command came with it. */
const before = '{"type":"module"}\n';

/** What marks a folder as one that we rendered. */
export function isReleaseTree(packageJson: string): boolean {
  if (packageJson === before) return true;
  try {
    return JSON.parse(packageJson).bin.deploy === bin;
  } catch {
    return false;
  }
}
