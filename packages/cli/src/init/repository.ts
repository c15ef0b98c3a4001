import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What stands in a repository, as far as it tells which stack it is of. */
export interface Repository {
  has(path: string): boolean;
  /** Empty where there is none. */
  text(path: string): string;
}

/** The largest file that is looked into: what is larger was made by a machine. */
const largest = 1 << 20;

export function repositoryAt(folder: string): Repository {
  return {
    has: (path) => existsSync(join(folder, path)),
    text(path) {
      try {
        return readFileSync(join(folder, path), "utf8").slice(0, largest);
      } catch {
        return "";
      }
    },
  };
}

/** A package.json's or composer.json's names of packages and scripts; none of a file that is none. */
export function manifestAt(repository: Repository, path: string): Manifest {
  try {
    const {
      require = {},
      dependencies = {},
      devDependencies = {},
      scripts = {},
      main,
    } = JSON.parse(repository.text(path));
    return { packages: Object.keys({ ...require, ...dependencies, ...devDependencies }), scripts, main };
  } catch {
    return { packages: [], scripts: {} };
  }
}

export interface Manifest {
  readonly packages: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly main?: string;
}
