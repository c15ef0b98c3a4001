import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type BuildCommand, DeployError, duration, roughly } from "@deploy/core";

export interface BuildOptions {
  /** Run by `sh -c`, in order; the first that fails ends the build. */
  readonly commands: readonly BuildCommand[];
  readonly root: string;
  /** The commands' whole environment: whoever calls decides what secrets it does not hold. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds without output after which that is told; a minute unless told. */
  readonly silence?: number;
  /** Milliseconds between TERM and KILL, for one that is ended; five seconds unless told: a cancelled action has seven. */
  readonly killAfter?: number;
}

/** Runs the user's build commands. Throws `build-failed` with command and code, the same when aborted or not over in time. */
export async function runBuild(options: BuildOptions): Promise<void> {
  for (const { run, timeout } of options.commands) {
    const late = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    if (options.signal.aborted) throw failed(run, "was cancelled");
    const ended = await runOne(run, options, late);
    if (options.signal.aborted) throw failed(run, "was cancelled");
    if (late?.aborted === true && ended !== "exit code 0")
      throw failed(run, `was not over after ${duration(timeout ?? 0)}, its \`timeout\`, and was ended`);
    if (ended !== "exit code 0") throw failed(run, `ended with ${ended}`);
  }
}

const failed = (command: string, how: string): DeployError =>
  new DeployError("build-failed", `The build command "${command}" ${how}`);

async function runOne(
  command: string,
  options: BuildOptions,
  late: AbortSignal | undefined,
): Promise<string> {
  const { root, env, onOutput, silence = 60_000, killAfter = 5_000 } = options;
  // Its own process group, so that a cancelled build leaves nothing running.
  const child = spawn("sh", ["-c", command], {
    cwd: root,
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let heard = Date.now();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      heard = Date.now();
      onOutput(text);
    });
  const quiet = setInterval(() => {
    const silent = Date.now() - heard;
    if (silent >= silence) onOutput(`no output of \`${command}\` for ${roughly(silent)}: it still runs\n`);
  }, silence);
  let ending: Promise<void> | undefined;
  const stop = () => {
    ending ??= endGroup(child.pid, killAfter);
  };
  const signals = late === undefined ? [options.signal] : [options.signal, late];
  for (const signal of signals) signal.addEventListener("abort", stop, { once: true });
  try {
    const ended = await endOf(child, onOutput);
    await ending;
    return ended;
  } finally {
    clearInterval(quiet);
    for (const signal of signals) signal.removeEventListener("abort", stop);
  }
}

/** Milliseconds after a command's exit that its output may stay open: what it left running (`start &`) may hold it for good. */
const grace = 2_000;

async function endOf(child: ChildProcess, onOutput: (text: string) => void): Promise<string> {
  const closed = new Promise<boolean>((resolve) => child.once("close", () => resolve(true)));
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), grace);
  });
  const whole = await Promise.race([closed, waited]);
  clearTimeout(timer);
  if (!whole) {
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    onOutput(
      "the command has ended, but something it started still holds its output: it is not heard any more\n",
    );
  }
  return code === null ? `signal ${signal}` : `exit code ${code}`;
}

/** The shell may be gone long before what it started: TERM, and KILL where there is still somebody of the group. */
async function endGroup(pid: number | undefined, killAfter: number): Promise<void> {
  const deadline = Date.now() + killAfter;
  for (let signal: NodeJS.Signals | 0 = "SIGTERM"; signalled(pid, signal); signal = 0) {
    if (Date.now() >= deadline) return void signalled(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Whether there was anybody. */
function signalled(group: number | undefined, signal: NodeJS.Signals | 0): boolean {
  try {
    return group !== undefined && process.kill(-group, signal);
  } catch {
    return false;
  }
}
