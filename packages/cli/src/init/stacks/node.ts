import { tells } from "@deploy/core";
import { type Manifest, manifestAt, type Repository } from "../repository.ts";
import { type Detailed, ownUnit, type Recipe, type Stack } from "../stack.ts";
import { type NodeKind, nodeKindOf } from "./nodeKinds.ts";

/** The package manager by its lockfile: all, only what production needs, and a script. */
export function managerOf(repository: Repository): Readonly<Record<"all" | "production" | "run", string>> {
  if (repository.has("pnpm-lock.yaml"))
    return {
      all: "pnpm install --frozen-lockfile",
      production: "pnpm install --frozen-lockfile --prod",
      run: "pnpm run",
    };
  if (repository.has("yarn.lock"))
    return {
      all: "yarn install --frozen-lockfile",
      production: "yarn install --frozen-lockfile --production",
      run: "yarn run",
    };
  const install = repository.has("package-lock.json") ? "npm ci" : "npm install --no-save";
  return { all: install, production: `${install} --omit=dev`, run: "npm run" };
}

const atInstall = /^(?:pre|post)?(?:install|prepare)$|^prepublish$/;

/** Once for each lock file, where nothing else decides what npm makes: no script runs, and nothing is a link. */
function onceFor(run: string, { scripts }: Manifest, repository: Repository): string | Detailed {
  const lock = repository.text("package-lock.json");
  const own = Object.keys(scripts).some((name) => atInstall.test(name)) || repository.has("binding.gyp");
  if (!run.startsWith("npm ci") || own || !isPlain(lock)) return run;
  const npmrc = repository.has(".npmrc") ? [".npmrc"] : [];
  return { run, reads: ["package.json", "package-lock.json", ...npmrc], makes: ["node_modules"] };
}

/** Whole, and of a version that tells which packages have scripts. */
function isPlain(lock: string): boolean {
  try {
    const { lockfileVersion, packages } = JSON.parse(lock) as { lockfileVersion: number; packages: object };
    return lockfileVersion >= 2 && !/"(?:hasInstallScript|link)":true/.test(JSON.stringify(packages));
  } catch {
    return false;
  }
}

/** A server written for Node: Express, Fastify, Next and all that `npm start` starts. */
export const node: Stack = {
  name: "node",
  words: "a Node server",
  found: (repository) => startOf(manifestAt(repository, "package.json"), repository) !== undefined,
  recipe(answers, repository) {
    const manifest = manifestAt(repository, "package.json");
    const kind = nodeKindOf(repository, manifest);
    const manager = managerOf(repository);
    const needs = manifest.packages.length > 0 && kind?.alone !== true;
    const builds = manifest.scripts.build !== undefined;
    return {
      ...sentOf(kind, repository),
      build: builds ? [manager.all, `${manager.run} build`, ...(kind?.after ?? [])] : [],
      prepare: needs ? [onceFor(manager.production, manifest, repository)] : [],
      shared: { directories: [], files: [".env"] },
      ...ownUnit(answers, `/usr/bin/env ${startOf(manifest, repository) ?? "npm start"}`),
      behind: "port",
      packages: ["node:nodejs", "npm", "nginx"],
      tells: tells.node,
    };
  },
};

/** What is sent, of what a build made beside the rest. */
function sentOf(
  kind: NodeKind | undefined,
  repository: Repository,
): Pick<Recipe, "source" | "built" | "exclude"> {
  if (kind?.alone === true) return { source: kind.makes, exclude: [".env*"] };
  const { makes, caches } = kind ?? { makes: madeBy(repository) };
  return {
    ...(makes === undefined ? {} : { built: [makes] }),
    exclude: ["node_modules", ".env*", ...(caches === undefined ? [] : [caches])],
  };
}

/** The folder that compilers write into, where git ignores it. */
function madeBy(repository: Repository): string | undefined {
  if (manifestAt(repository, "package.json").scripts.build === undefined) return undefined;
  return ["dist", "build"].find((name) =>
    new RegExp(`^/?${name}/?$`, "m").test(repository.text(".gitignore")),
  );
}

/** A command that systemd can signal: npm in between keeps a TERM for itself. */
function startOf(manifest: Manifest, repository: Repository): string | undefined {
  const kind = nodeKindOf(repository, manifest);
  const { start } = manifest.scripts;
  const own = start !== undefined && /^node [\w./ -]+$/.test(start) && kind?.alone !== true;
  if (kind !== undefined && !own) return kind.start;
  if (start !== undefined) return own ? start : "npm start";
  const file = [manifest.main, "server.js", "index.js"].find(
    (each) => each !== undefined && repository.has(each),
  );
  return file === undefined || !/^[\w./-]+$/.test(file) ? undefined : `node ${file}`;
}
