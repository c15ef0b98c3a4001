import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "../lib/run.ts";

/**
 * Starts a built action as the runner does, without any input, outside any repository.
 * Returns what is wrong: it must fail, and say why in a few errors of one line and no stack.
 */
export async function smoke(action: string, tree: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "deploy-smoke-"));
  try {
    const { code, output } = await runNode(join(tree, "dist", action, "index.mjs"), [], {
      cwd: folder,
      env: runnerEnv(folder),
    });
    return smokeProblems(code, output).map((problem) => `${action}: ${problem}\n${output}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pure. */
export function smokeProblems(code: number, output: string): readonly string[] {
  const errors = output.split("\n").filter((line) => line.startsWith("::error"));
  const problems: string[] = [];
  if (code !== 1 && code !== 2) problems.push(`exit code ${code}: without inputs it must fail with 1`);
  if (errors.length < 1 || errors.length > 5)
    problems.push(`${errors.length} errors: there must be one to five`);
  if (/^\s+at .*[:(]/m.test(output)) problems.push("it prints a stack: a missing input is no defect");
  return problems;
}

function runnerEnv(folder: string): NodeJS.ProcessEnv {
  const files = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH"];
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    RUNNER_TEMP: folder,
    GITHUB_WORKSPACE: folder,
    GITHUB_ACTIONS: "true",
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_RUN_ID: "1",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_ACTOR: "octocat",
    GITHUB_SHA: "0000000000000000000000000000000000000000",
    GITHUB_SERVER_URL: "https://github.com",
  };
  for (const name of files) {
    env[name] = join(folder, name);
    writeFileSync(join(folder, name), "");
  }
  return env;
}
