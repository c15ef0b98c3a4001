import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";

/** A package that is installed for the project. */
export interface Installed {
  readonly version: string;
  /** The folder whose `node_modules` has it. */
  readonly base: string;
  /** The project's package.json asks for it, so it is no mere dependency of another. */
  readonly declared: boolean;
}

/**
 * The folders from the source folder up to the repository, nearest first: in a monorepo, tools are installed beside the
 * package that uses them. Above the repository nothing is ours to read.
 */
export function projectFolders(root: string, source: string): readonly string[] {
  const below = relative(root, source);
  if (below.startsWith(`..${sep}`) || below === ".." || below.startsWith(sep)) return [root];
  const folders = [source];
  for (let folder = source; folder !== root && folder !== dirname(folder); ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** Looks a package up in `node_modules` of these folders; reads its package.json and nothing else. */
export function findInstalled(folders: readonly string[], name: string): Installed | undefined {
  for (const base of folders) {
    const { version } = readPackage(join(base, "node_modules", name));
    if (typeof version === "string") {
      return { version, base, declared: folders.some((folder) => declares(folder, name)) };
    }
  }
  return undefined;
}

/** Whether a package.json of these folders asks for it, so that an install brings it; optional ones may be missing. */
export function wants(folders: readonly string[], name: string): boolean {
  return folders.some((folder) => declares(folder, name, ["dependencies", "devDependencies"]));
}

/** The project's own module. Throws whatever it throws when it is loaded. */
export function requireInstalled(base: string, name: string): unknown {
  return createRequire(join(base, "package.json"))(name);
}

const allFields = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

function declares(folder: string, name: string, fields: readonly string[] = allFields): boolean {
  const own = readPackage(folder);
  return fields.some((field) => {
    const names = own[field];
    return typeof names === "object" && names !== null && Object.hasOwn(names, name);
  });
}

/** An unreadable package.json says nothing. */
function readPackage(folder: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
