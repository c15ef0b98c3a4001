import { spawn } from "node:child_process";

/** How a program ended and what it printed. */
export interface Ran {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Rejects only if it cannot be started. */
export function run(argv: readonly string[], env: NodeJS.ProcessEnv = process.env, input = ""): Promise<Ran> {
  const [file = "", ...args] = argv;
  return new Promise((done, fail) => {
    const child = spawn(file, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", fail);
    child.once("close", (code) => done({ code, stdout, stderr }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Runs a program; rejects with its stderr unless it exits 0. Resolves with its stdout. */
export async function must(argv: readonly string[], input = ""): Promise<string> {
  const ran = await run(argv, process.env, input);
  if (ran.code !== 0) throw new Error(`${argv.join(" ")} exited ${ran.code}: ${ran.stderr.trim()}`);
  return ran.stdout;
}
