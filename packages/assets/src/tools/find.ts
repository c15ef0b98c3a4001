import { DeployError } from "@deploy/core";
import { findInstalled, type Installed, wants } from "./project.ts";
import { bundled, known, type Role } from "./table.ts";
import { bundledTool, type Tool, type Toolbox } from "./tool.ts";

/**
 * The project's own tools where it has them, else ours; nothing is loaded. A version we cannot drive is an error
 * (`tool-refused`) where package.json asks for that tool; one that merely lies there is told and passed over, and so is
 * one that package.json asks for and nobody installed.
 */
export function findTools(folders: readonly string[], warn: (text: string) => void): Toolbox {
  const roles = Object.keys(bundled) as Role[];
  return Object.fromEntries(roles.map((role) => [role, findTool(role, folders, warn)])) as Record<Role, Tool>;
}

function findTool(role: Role, folders: readonly string[], warn: (text: string) => void): Tool {
  const names = Object.keys(known).filter((name) => known[name]?.role === role);
  for (const name of names) {
    const found = findInstalled(folders, name);
    if (found === undefined) continue;
    if (isDrivable(name, found.version)) {
      return { name, version: found.version, from: "project", base: found.base };
    }
    if (found.declared) throw refused(name, found);
    warn(`${name} ${found.version} of node_modules is not ${wanted(name)}: passed over`);
  }
  const ours = bundled[role];
  for (const name of names.filter((name) => wants(folders, name))) {
    warn(
      `${name} is in package.json and not in node_modules: ours is used, ${ours.name} ${ours.version}. Install the project's packages first (npm ci)`,
    );
  }
  return bundledTool(role);
}

function isDrivable(name: string, version: string): boolean {
  const range = known[name];
  const [major = Number.NaN, minor = Number.NaN] = version.split(".").map(Number);
  if (range === undefined || Number.isNaN(major) || Number.isNaN(minor)) return false;
  const [first, least] = range.from;
  return major < range.below && (major > first || (major === first && minor >= least));
}

function refused(name: string, found: Installed): DeployError {
  return new DeployError("tool-refused", `The project has ${name} ${found.version}, not ${wanted(name)}`);
}

function wanted(name: string): string {
  const range = known[name];
  return `${range?.from.join(".")} or newer, below ${range?.below}.0`;
}
