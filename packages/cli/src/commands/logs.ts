import { randomUUID } from "node:crypto";
import { formatProblem, type HostLog, logsOn } from "@deploy/core";
import { execOn } from "@deploy/engine";
import { type LogRange, logLine } from "@deploy/remote";
import type { LogsOptions } from "../dailyOptions.ts";
import { type Reached, withHosts } from "../hosts.ts";
import { type Io, signalOf } from "../io.ts";
import { plainText } from "../plain.ts";
import { prefixed } from "../prefixed.ts";
import type { Context } from "./context.ts";

/** Shows logs of several hosts under their names: each as it comes with `-f`, else one after the other. Exit code 1 where one could not be read. */
export async function logsCommand(options: LogsOptions, context: Context): Promise<number> {
  const { io } = context;
  io.sayAtInterrupt?.("");
  return withHosts(options, "all", context, async (reached) => {
    const { follow, lines, since } = options;
    const range = {
      follow,
      ...(lines === undefined ? {} : { lines }),
      ...(since === undefined ? {} : { since }),
    };
    const over = new AbortController();
    const signal = AbortSignal.any([signalOf(io), over.signal]);
    const logs = logsOn(reached.config, reached.hosts);
    if (since !== undefined && logs.some(({ source }) => source === "known" || "file" in source))
      context.screen.warn("Files do not say when a line was written: --since is for journals.");
    const shows = logs.map((log) => show({ log, logs, range }, reached, context, { signal, over }));
    const ends: boolean[] = [];
    for (const { ended, tell } of shows) {
      ends.push(await ended);
      tell();
    }
    // Following has no other end than Ctrl-C.
    if (signalOf(io).aborted) return follow ? 0 : 130;
    return over.signal.aborted || ends.every((well) => well) ? 0 : 1;
  });
}

interface Asked {
  readonly log: HostLog;
  readonly logs: readonly HostLog[];
  readonly range: LogRange;
}

/** `ended`: whether it was read to its end; `tell` shows what was held back until then. */
function show(
  { log, logs, range }: Asked,
  { fleet, config, clock, shown }: Reached,
  { io, screen }: Context,
  { signal, over }: { readonly signal: AbortSignal; readonly over: AbortController },
) {
  const names = logs.map((each) => nameOf(each, shown));
  const width = Math.max(...names.map((name) => name.length));
  const name = nameOf(log, shown);
  const held = range.follow ? undefined : holding(io);
  const prefix = logs.length === 1 ? "" : screen.paint("dim", `${name.padEnd(width)} | `);
  const lines = prefixed(held?.io ?? io, prefix, () => over.abort());
  const request = {
    base: config.deployTo,
    run: logLine(log.source, range),
    id: randomUUID().replaceAll("-", ""),
    reading: true,
  };
  const run = async (): Promise<boolean> => {
    const answer = await execOn(fleet, log.host, request, { signal, clock, onOutput: lines.add });
    lines.end();
    if (signal.aborted || (answer.status === "ok" && answer.value === 0)) return true;
    const why = answer.status === "ok" ? `exit code ${answer.value}` : formatProblem(answer.problem);
    screen.warn(plainText(`${name}: ${why}`));
    if (range.follow && logs.length > 1) screen.warn("The others go on.");
    return false;
  };
  return { ended: run(), tell: () => held?.tell() };
}

const nameOf = ({ host, label }: HostLog, shown: Reached["shown"]): string =>
  label === "" ? shown(host) : `${shown(host)} ${label}`;

/** What is written is kept, and written when it is told. */
function holding({ stdout, stderr }: Pick<Io, "stdout" | "stderr">) {
  const kept: (() => unknown)[] = [];
  const keep = (output: Io["stdout"]): Io["stdout"] => ({
    write: (text, done) => kept.push(() => output.write(text, done)),
  });
  const tell = (): void => {
    for (const write of kept.splice(0)) write();
  };
  return { io: { stdout: keep(stdout), stderr: keep(stderr) }, tell };
}
