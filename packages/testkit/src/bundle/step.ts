import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseFileCommands } from "./fileCommands.ts";

/** The files one step gets, and what it wrote into them. */
export interface StepFiles {
  readonly env: Readonly<Record<string, string>>;
  outputs(): Record<string, string>;
  state(): Record<string, string>;
  environment(): Record<string, string>;
  paths(): string[];
  summary(): string;
  close(): void;
}

const names = ["OUTPUT", "STATE", "ENV", "PATH", "STEP_SUMMARY"] as const;

/** Makes the file commands of one step, and the job's folders unless they are given. */
export function openStepFiles(given: { temp?: string; workspace?: string }): StepFiles {
  const folder = mkdtempSync(join(tmpdir(), "step-"));
  const temp = given.temp ?? join(folder, "temp");
  const workspace = given.workspace ?? join(folder, "workspace");
  for (const made of [temp, workspace]) mkdirSync(made, { recursive: true });
  const files = Object.fromEntries(names.map((name) => [`GITHUB_${name}`, join(folder, name)]));
  for (const file of Object.values(files)) writeFileSync(file, "");
  const text = (name: (typeof names)[number]) => readFileSync(join(folder, name), "utf8");
  return {
    env: { ...files, RUNNER_TEMP: temp, RUNNER_TOOL_CACHE: join(temp, "tools"), GITHUB_WORKSPACE: workspace },
    outputs: () => parseFileCommands(text("OUTPUT")),
    state: () => parseFileCommands(text("STATE")),
    environment: () => parseFileCommands(text("ENV")),
    paths: () =>
      text("PATH")
        .split("\n")
        .filter((line) => line !== ""),
    summary: () => text("STEP_SUMMARY"),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The variables of a run, as a hosted runner sets them. */
export const runVariables = {
  CI: "true",
  GITHUB_ACTIONS: "true",
  GITHUB_ACTOR: "octocat",
  GITHUB_EVENT_NAME: "push",
  GITHUB_JOB: "deploy",
  GITHUB_REF: "refs/heads/main",
  GITHUB_REF_NAME: "main",
  GITHUB_REPOSITORY: "octo/shop",
  GITHUB_REPOSITORY_OWNER: "octo",
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_RUN_ID: "4711",
  GITHUB_RUN_NUMBER: "1",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_SHA: "4f2a91c0000000000000000000000000000000aa",
  GITHUB_WORKFLOW: "deploy",
  RUNNER_ARCH: "X64",
  RUNNER_OS: "Linux",
} as const;

/** `INPUT_*` as the runner names them: upper case, spaces to `_`, hyphens kept. */
export function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replace(/ /g, "_").toUpperCase()}`, value]),
  );
}
