import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { root } from "./root.ts";

export interface Ran {
  /** -1 where the program did not start or was ended by a signal. */
  readonly code: number;
  /** stdout and stderr as they came; empty when they were streamed. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Replaces the environment; inherited without. */
  readonly env?: NodeJS.ProcessEnv;
  /** Show the output as it comes and keep none of it. */
  readonly stream?: boolean;
  /** Write the output into this file and keep none of it: what outlives the program cannot hold up its end. */
  readonly file?: string;
}

/** Runs a program to its end with argv as given, no shell; never rejects. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const file = options.file === undefined ? undefined : openSync(options.file, "a");
    const out = file ?? (options.stream ? "inherit" : "pipe");
    const { cwd = root, env = process.env } = options;
    const child = spawn(command, [...args], { cwd, env, stdio: ["ignore", out, out] });
    if (file !== undefined) closeSync(file);
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => resolve({ code: -1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? -1, output: Buffer.concat(chunks).toString() }));
  });
}

/** Runs a Node program of node_modules under this same Node. */
export function runNode(script: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(process.execPath, [script, ...args], options);
}
