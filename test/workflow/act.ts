import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pathOfPart } from "@deploy/testkit";
import { artifactService } from "./artifacts.ts";
import type { Caller } from "./caller.ts";
import { type ActRun, readRun } from "./run.ts";

export interface ActOptions {
  readonly caller: Caller;
  /** The rendered release tree (explicit form) that `org/deploy@v1` stands for. */
  readonly tree: string;
  /** Everything act writes: its home, artifacts, secrets. A folder of the test. */
  readonly scratch: string;
  /** File name below .github/workflows. */
  readonly workflow: string;
  readonly event?: "push" | "workflow_dispatch" | "pull_request" | "schedule";
  readonly inputs?: Readonly<Record<string, string>>;
  /** More of the event. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Distinct runs of GitHub have distinct ids; the fleet lock knows a run by it. */
  readonly runId: number;
}

/** As every workflow of ours names it. */
export const checkout = "actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0";

/** Runs one workflow with act on this machine: no container, nothing fetched, an environment of its own. */
export async function runAct(options: ActOptions): Promise<ActRun> {
  const { scratch, caller, workflow, event = "push" } = options;
  const program = pathOfPart("act");
  if (program === undefined) throw new Error("act is not installed");
  const home = join(scratch, "home");
  mkdirSync(home, { recursive: true });
  const secrets = writeJson(join(scratch, "secrets.yml"), options.secrets ?? {});
  const payload = writeJson(join(scratch, "event.json"), {
    ref: "refs/heads/main",
    inputs: options.inputs ?? {},
    ...options.payload,
  });
  const args = [
    ...[event, "--json", "--workflows", join(caller.folder, ".github", "workflows", workflow)],
    ...["--directory", caller.folder, "--eventpath", payload, "--secret-file", secrets, "--actor", "octocat"],
    ...["--platform", "ubuntu-latest=-self-hosted", "--local-repository", `org/deploy@v1=${options.tree}`],
    ...["--local-repository", `${checkout}=${join(import.meta.dirname, "checkout")}`],
    ...["--env", `TEST_CALLER=${caller.folder}`],
    ...["--no-cache-server", "--use-gitignore=false", "--env", `GITHUB_RUN_ID=${options.runId}`],
  ];
  const artifacts = await artifactService();
  const service = Object.entries(artifacts.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  try {
    return await readLines(program, [...args, ...service], caller.folder, actEnv(home));
  } finally {
    await artifacts.close();
  }
}

/** act gives its whole environment to the job, and runs every action on the first `node` it finds. */
function actEnv(home: string): NodeJS.ProcessEnv {
  const folders = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
  return { HOME: home, PATH: folders.join(delimiter), LANG: "C.UTF-8" };
}

function readLines(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<ActRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    }
    child.on("error", reject);
    child.on("close", (code) => resolve(readRun(code ?? -1, Buffer.concat(chunks).toString())));
  });
}

function writeJson(file: string, value: unknown): string {
  writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
  return file;
}
