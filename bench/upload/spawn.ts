import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Sample } from "./types.ts";

// `times` prints what the shell and its ended children used, in two lines of two.
const timed = '"$@"; code=$?; times >&3; exit $code';

/** Runs a program and what it starts to the end. Throws, with the end of its output, where it fails. */
export async function spawnTimed(
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Sample> {
  const started = performance.now();
  const child = spawn("sh", ["-c", timed, "sh", ...argv], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let [output, times] = ["", ""];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-4_000);
    });
  }
  child.stdio[3]?.on("data", (bytes: Buffer) => {
    times += bytes.toString();
  });
  const code = await new Promise((done, fail) => child.once("error", fail).once("close", done));
  if (code !== 0) throw new Error(`${argv.join(" ")} exited ${code}:\n${output}`);
  return { seconds: (performance.now() - started) / 1_000, cpu: secondsIn(times) };
}

function secondsIn(times: string): number {
  let sum = 0;
  for (const [, minutes, seconds] of times.matchAll(/(\d+)m([\d.]+)s/g))
    sum += Number(minutes) * 60 + Number(seconds);
  return sum;
}

/** CPU seconds of processes that live on, found by a word of their command line (shared connections), and their ids. */
export function livingWith(word: string): { readonly cpu: number; readonly pids: readonly number[] } {
  let cpu = 0;
  const pids: number[] = [];
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (!readFileSync(`/proc/${name}/cmdline`, "utf8").includes(word)) continue;
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      cpu += (Number(fields[11]) + Number(fields[12])) / 100;
      pids.push(Number(name));
    } catch {
      // it ended between the two looks
    }
  }
  return { cpu, pids };
}
