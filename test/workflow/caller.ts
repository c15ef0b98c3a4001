import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderSelf } from "../../scripts/render/self.ts";

const root = dirname(dirname(import.meta.dirname));

/** A repository that calls our workflows, made from an example. */
export interface Caller {
  readonly folder: string;
  read(path: string): string;
  /** Writes a file, below the repository. */
  write(path: string, text: string): void;
  /** Commits everything; returns the commit's hash. The same contents at the same `count` give the same hash. */
  commit(): string;
}

const explicit = { repository: "org/deploy", ref: "v1", self: "explicit" } as const;

/** Copies an example into `folder` as the repository acme/shop on branch main. */
export function makeCaller(example: string, folder: string): Caller {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "examples", example), folder, {
    recursive: true,
    filter: (path) => !/\/(node_modules|build)$/.test(path),
  });
  const workflows = join(folder, ".github/workflows");
  for (const file of readdirSync(workflows)) {
    const path = join(workflows, file);
    // act refuses keys that it does not know.
    writeFileSync(path, renderSelf(readFileSync(path, "utf8"), explicit));
  }
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "config", "uploadpack.allowAnySHA1InWant", "true");
  git(folder, "remote", "add", "origin", "https://github.com/acme/shop.git");
  return {
    folder,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    commit() {
      git(folder, "add", "--all");
      git(folder, "commit", "--quiet", "--allow-empty", "--message=change");
      return git(folder, "rev-parse", "HEAD").trim();
    },
  };
}

function git(folder: string, ...args: string[]): string {
  const settings = ["user.name=Test", "user.email=test@example.com", "commit.gpgsign=false"];
  const { status, stdout, stderr } = spawnSync(
    "git",
    [...settings.flatMap((setting) => ["-c", setting]), ...args],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
  return stdout;
}
