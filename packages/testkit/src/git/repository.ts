import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** A bare repository on this machine, and commits of whole folders in it. */
export interface TestRepository {
  readonly path: string;
  /** All that lies in a folder, whatever is ignored, as the next commit of `branch`; its hash. */
  commit(folder: string, branch?: string): string;
  git(...argv: readonly string[]): string;
  /** The same, with something on stdin. */
  input(text: string, ...argv: readonly string[]): string;
}

const identity = {
  GIT_AUTHOR_NAME: "ann",
  GIT_AUTHOR_EMAIL: "a@b",
  GIT_COMMITTER_NAME: "ann",
  GIT_COMMITTER_EMAIL: "a@b",
};

/** `path` ends in `.git`. */
export function makeRepository(path: string): TestRepository {
  mkdirSync(path, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: path, GIT_CONFIG_NOSYSTEM: "1", ...identity };
  const input = (text: string, ...argv: readonly string[]) =>
    execFileSync("git", [`--git-dir=${path}`, ...argv], {
      env,
      input: text,
      encoding: "utf8",
      maxBuffer: 1e8,
    }).trim();
  const git = (...argv: readonly string[]) => input("", ...argv);
  git("init", "-q", "--bare", "-b", "main");
  return {
    path,
    git,
    input,
    commit(folder, branch = "main") {
      const within = [`--work-tree=${folder}`];
      git(...within, "add", "--all", "--force", ".");
      const tree = git("write-tree");
      const tip = git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);
      const hash = git("commit-tree", tree, "-m", "next", ...(tip === "" ? [] : ["-p", tip]));
      git("update-ref", `refs/heads/${branch}`, hash);
      return hash;
    },
  };
}

/** A folder for repositories, and one repository in it. */
export function repositoryIn(folder: string, name = "shop"): TestRepository {
  return makeRepository(join(folder, `${name}.git`));
}
