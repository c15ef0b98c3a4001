import { spawn } from "node:child_process";
import { DeployError } from "@deploy/core";

export interface BuildOptions {
  /** Run by `sh -c`, in order; the first that fails ends the build. */
  readonly commands: readonly string[];
  readonly root: string;
  /** The commands' whole environment: whoever calls decides what secrets it does not hold. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Runs the user's build commands. Throws `build-failed` with command and code, the same when aborted. */
export async function runBuild(options: BuildOptions): Promise<void> {
  for (const command of options.commands) {
    if (options.signal.aborted) throw cancelled(command);
    const ended = await run(command, options);
    if (options.signal.aborted) throw cancelled(command);
    if (ended !== "exit code 0") {
      throw new DeployError("build-failed", `The build command "${command}" ended with ${ended}`);
    }
  }
}

function run(command: string, options: BuildOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    // Its own process group, so that a cancelled build leaves nothing running.
    const child = spawn("sh", ["-c", command], {
      cwd: options.root,
      env: { ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const stop = () => end(child.pid);
    options.signal.addEventListener("abort", stop, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", options.onOutput);
    }
    child.once("error", reject);
    child.once("close", (code, signal) => {
      options.signal.removeEventListener("abort", stop);
      resolve(code === null ? `signal ${signal}` : `exit code ${code}`);
    });
  });
}

function end(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // It ended by itself.
  }
}

function cancelled(command: string): DeployError {
  return new DeployError("build-failed", `The build command "${command}" was cancelled`);
}
