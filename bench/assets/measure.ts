import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** One whole process, from start to end. */
export interface Sample {
  readonly seconds: number;
  /** User and system time of the process itself, seconds; of its children nothing. */
  readonly cpu: number;
  /** Largest resident memory of the process itself, MB. */
  readonly peak: number;
}

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs it and reads what the kernel counts, 50 times a second (proc(5): VmHWM, utime, stime). Throws where it fails. */
export async function measure({ argv, cwd, env }: Command): Promise<Sample> {
  const [program = "", ...args] = argv;
  const started = performance.now();
  const child = spawn(program, args, { cwd, env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-4_000);
    });
  }
  let [peak, cpu] = [0, 0];
  const watch = setInterval(() => {
    [peak, cpu] = counted(child.pid ?? 0) ?? [peak, cpu];
  }, 20);
  const code = await new Promise((done, fail) => child.once("error", fail).once("close", done));
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1_000;
  if (code !== 0) throw new Error(`${argv.join(" ")} exited ${code}:\n${output}`);
  return { seconds, cpu, peak };
}

function counted(pid: number): [number, number] | undefined {
  try {
    const peak = readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)?.[1];
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    if (peak === undefined) return undefined;
    // A tick is 10 ms on every Linux that Node runs on.
    return [Number(peak) / 1_024, (Number(fields[11]) + Number(fields[12])) / 100];
  } catch {
    return undefined;
  }
}

/** The middle of them, field by field. */
export function median(samples: readonly Sample[]): Sample {
  const of = (field: keyof Sample) => {
    const values = samples.map((sample) => sample[field]).sort((one, other) => one - other);
    return values[Math.floor(values.length / 2)] ?? Number.NaN;
  };
  return { seconds: of("seconds"), cpu: of("cpu"), peak: of("peak") };
}

/** Runs all of them in turn, round after round: a busy moment of the machine hits each alike. Gives the medians. */
export async function interleave<Name extends string>(
  rounds: number,
  runs: Readonly<Record<Name, (round: number) => Promise<Sample>>>,
): Promise<Readonly<Record<Name, Sample>>> {
  const names = Object.keys(runs) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) samples[name].push(await runs[name](round));
  }
  return Object.fromEntries(names.map((name) => [name, median(samples[name])])) as Record<Name, Sample>;
}
