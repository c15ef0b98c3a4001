import { type ChildProcess, spawn } from "node:child_process";
import { compileCache } from "../compileCache.ts";
import { type CancelTimes, cancelLikeRunner } from "./cancel.ts";
import { type Annotation, logReader } from "./log.ts";
import { masker } from "./mask.ts";
import { inputVariables, openStepFiles, runVariables } from "./step.ts";

export interface RunBundle {
  /** `dist/<action>/index.mjs`, or any Node script. */
  readonly bundle: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Wins over every default. */
  readonly env?: Readonly<Record<string, string>>;
  /** `post` gets `state` as STATE_*; `main` unless told. */
  readonly phase?: "main" | "post";
  readonly state?: Readonly<Record<string, string>>;
  /** Secrets the runner knows before the step. */
  readonly secrets?: readonly string[];
  /** RUNNER_TEMP and GITHUB_WORKSPACE; fresh ones, removed afterwards, unless told. */
  readonly temp?: string;
  readonly workspace?: string;
  /** In order, each after the one before. */
  readonly signals?: readonly BundleSignal[];
  /** Milliseconds until SIGKILL and a rejection; 120 000 unless told. */
  readonly timeout?: number;
}

export interface BundleSignal {
  /** Sent once this resolves: when something has happened, not after some time. */
  readonly after: (running: Running) => Promise<unknown>;
  /** `cancel` is the runner's SIGINT, SIGTERM, SIGKILL. */
  readonly signal: NodeJS.Signals | "cancel";
  readonly times?: CancelTimes;
}

/** A bundle that runs. */
export interface Running {
  readonly pid: number;
  /** All it printed so far, not masked. */
  raw(): string;
  /** Resolves once the raw output matches; rejects when the bundle ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
}

export interface BundleRan {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What a person sees on GitHub: masked. */
  readonly log: string;
  /** Every byte it printed, stdout and stderr as they came. */
  readonly raw: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** For the `post` phase. */
  readonly state: Readonly<Record<string, string>>;
  /** For later steps. */
  readonly environment: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** Masked. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

/** Runs a built action as the runner does. Rejects if it outlives its timeout or writes a broken file command. */
export async function runBundle(options: RunBundle): Promise<BundleRan> {
  const files = openStepFiles(options);
  try {
    const masks = masker();
    for (const secret of options.secrets ?? []) masks.add(secret);
    const reader = logReader(masks);
    const child = spawn(process.execPath, [options.bundle], {
      cwd: files.env.GITHUB_WORKSPACE,
      env: bundleEnv(options, files.env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { running, ended } = watch(child);
    const late = setTimeout(() => child.kill("SIGKILL"), options.timeout ?? 120_000);
    const signalled = sendSignals(child, running, ended, options.signals ?? []);
    // Where its moment never came, nobody waits for the bundle either.
    signalled.catch(() => child.kill("SIGKILL"));
    const { code, signal } = await ended;
    clearTimeout(late);
    await signalled;
    for (const line of linesOf(running.raw())) reader.line(line);
    return {
      ...{ code, signal, raw: running.raw(), log: reader.log(), annotations: reader.annotations() },
      ...{ outputs: files.outputs(), state: files.state(), environment: files.environment() },
      ...{ paths: files.paths(), summary: masks.mask(files.summary()) },
    };
  } finally {
    files.close();
  }
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function bundleEnv(options: RunBundle, files: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const state = options.phase === "post" ? Object.entries(options.state ?? {}) : [];
  return {
    PATH: process.env.PATH,
    HOME: files.RUNNER_TEMP,
    ...compileCache,
    ...runVariables,
    ...files,
    ...inputVariables(options.inputs ?? {}),
    ...Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value])),
    ...options.env,
  };
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function watch(child: ChildProcess): { running: Running; ended: Promise<Ended> } {
  let raw = "";
  const ended = new Promise<Ended>((done, fail) => {
    child.once("error", fail);
    child.once("close", (code, signal) => done({ code, signal }));
  });
  const looks = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      raw += text;
      for (const look of looks) look();
    });
  }
  const until = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((done, fail) => {
      const look = () => {
        const match = raw.match(pattern);
        if (match !== null) done(match);
      };
      looks.add(look);
      void ended.then(() => fail(new Error(`the bundle ended before it printed ${pattern}:\n${raw}`)));
      look();
    });
  return { running: { pid: child.pid ?? 0, raw: () => raw, until }, ended };
}

async function sendSignals(
  child: ChildProcess,
  running: Running,
  ended: Promise<Ended>,
  signals: readonly BundleSignal[],
) {
  const over = ended.then(() => {
    throw new Error(`the bundle ended before it was to be signalled:\n${running.raw().slice(-2_000)}`);
  });
  over.catch(() => {});
  for (const { after, signal, times } of signals) {
    await Promise.race([after(running), over]);
    if (signal === "cancel") await cancelLikeRunner(child, times);
    else child.kill(signal);
  }
}
