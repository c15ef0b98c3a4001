import { randomUUID } from "node:crypto";
import { formatProblem, type Host, stepEnvFile } from "@deploy/core";
import { execOn, type Hearing } from "@deploy/engine";
import { quote } from "@deploy/remote";
import type { ExecOptions } from "../dailyOptions.ts";
import { type Reached, withHosts } from "../hosts.ts";
import { type Io, signalOf } from "../io.ts";
import { plainText } from "../plain.ts";
import { prefixed } from "../prefixed.ts";
import type { Context } from "./context.ts";

/**
 * Runs a command in the live folder with what steps get: on the leader, or on the hosts that were chosen. Its exit code is one host's own; of
 * several 1 where any failed.
 */
export async function execCommand(
  words: readonly string[],
  options: ExecOptions,
  context: Context,
): Promise<number> {
  const { io } = context;
  io.sayAtInterrupt?.("Ending it on the servers. Once more to leave at once.");
  return withHosts(options, "leader", context, async (reached) => {
    const run = lineOf(words);
    try {
      const codes = await Promise.all(reached.hosts.map((host) => runOn(host, run, reached, context)));
      if (signalOf(io).aborted) return 130;
      return codes.length === 1 ? (codes[0] ?? 1) : codes.every((code) => code === 0) ? 0 : 1;
    } finally {
      io.stdin.destroy?.();
    }
  });
}

/** One word is a line for `sh`; several are a command and its arguments, as they were typed. */
export function lineOf(words: readonly string[]): string {
  return words.length === 1 ? words.join() : words.map(quote).join(" ");
}

async function runOn(
  { name }: Host,
  run: string,
  { fleet, config, clock, hosts, shown }: Reached,
  { io, screen }: Context,
): Promise<number> {
  const only = hosts.length === 1;
  const width = Math.max(...hosts.map((host) => shown(host.name).length));
  const lines = prefixed(io, only ? "" : screen.paint("dim", `${shown(name).padEnd(width)} | `));
  const raw = only && io.stdout.isTTY !== true;
  const hearing: Hearing = {
    signal: signalOf(io),
    clock,
    onOutput: lines.add,
    onNote: (text) => screen.warn(`${shown(name)}: ${plainText(text)}`),
    ...(raw ? { sink: (chunk) => taken(io, chunk) } : {}),
  };
  const envFile = stepEnvFile(config);
  const request = {
    base: config.deployTo,
    run,
    id: randomUUID().replaceAll("-", ""),
    ...(envFile === undefined ? {} : { envFile }),
    ...(only && io.stdin.isTTY !== true ? { input: bytesOf(io) } : {}),
  };
  const answer = await execOn(fleet, name, request, hearing);
  lines.end();
  if (answer.status !== "ok") screen.warn(plainText(formatProblem(answer.problem)));
  const code = answer.status === "ok" ? answer.value : 1;
  if (!only && answer.status === "ok" && code !== 0 && !hearing.signal.aborted)
    screen.warn(`${shown(name)}: exit code ${code}`);
  return code;
}

/** Whoever reads us may be slow, and may have read enough. */
function taken(io: Io, chunk: Uint8Array): Promise<void> {
  return new Promise((done, fail) => io.stdout.write(chunk, (error) => (error ? fail(error) : done())));
}

async function* bytesOf({ stdin }: Io): AsyncGenerator<Uint8Array> {
  for await (const chunk of stdin) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}
