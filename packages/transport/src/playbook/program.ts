import { type ChildProcess, execFile, spawn } from "node:child_process";
import { DeployError, duration } from "@deploy/core";

/** The first that has all that the plugins use. */
const floor = [2, 14];

/** The version of this machine's ansible-core. Throws `ansible-unusable` where it is missing or below the floor. */
export async function localAnsible(program = "ansible-playbook"): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "/", LC_ALL: "C.UTF-8" };
    execFile(program, ["--version"], { env, timeout: 60_000 }, (error, stdout) => {
      if (error === null) return resolve(stdout);
      const missing = error.code === "ENOENT" ? "is not installed" : `cannot be run: ${error.message}`;
      reject(unusable(`ansible-playbook ${missing} on the runner`));
    });
  });
  const [version = "", major, minor] = /(\d+)\.(\d+)[\w.]*/.exec(text.split("\n")[0] ?? "") ?? [];
  const found = [Number(major), Number(minor)];
  const fits = (found[0] ?? 0) > 2 || (found[0] === 2 && (found[1] ?? 0) >= (floor[1] ?? 0));
  if (fits) return version;
  throw unusable(
    `ansible-core ${version || "of no version"} is on the runner, at least ${floor.join(".")} is needed`,
  );
}

function unusable(message: string): DeployError {
  return new DeployError("ansible-unusable", message);
}

export interface Running {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
}

/** Its exit code. A cancelled one is ended with all that it started; so is one that takes too long. Throws `playbook-ended`, `ansible-unusable`. */
export function runProgram({ program, args, cwd, env, timeout, signal, onOutput }: Running): Promise<number> {
  // A group of its own: Ansible's workers end with it.
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", onOutput);
  return new Promise((resolve, reject) => {
    let why: string | undefined;
    const stop = (because: string) => {
      if (why !== undefined) return;
      why = because;
      end(child);
    };
    const cancelled = () => stop("the run was cancelled");
    const timer = setTimeout(() => stop(`its ${duration(timeout)} are over`), timeout);
    if (signal.aborted) cancelled();
    signal.addEventListener("abort", cancelled, { once: true });
    child.once("error", (error) => reject(unusable(`${program} could not be started: ${error.message}`)));
    child.once("close", (code) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancelled);
      if (why === undefined && code !== null) return resolve(code);
      reject(new DeployError("playbook-ended", `the playbook was ended: ${why ?? "a signal killed it"}`));
    });
  });
}

/** Milliseconds that Ansible is given to end by itself. */
const grace = 10_000;

function end(child: ChildProcess): void {
  const tell = (signal: "SIGTERM" | "SIGKILL") => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // nobody of it is left
    }
  };
  tell("SIGTERM");
  const timer = setTimeout(() => tell("SIGKILL"), grace);
  child.once("close", () => clearTimeout(timer));
}
