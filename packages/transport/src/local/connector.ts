import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Host } from "@deploy/core";
import {
  type Ended,
  type ExecResult,
  type HttpAnswer,
  type HttpProbe,
  type RemoteCommand,
  render,
} from "@deploy/remote";
import { unknownResult } from "../capture.ts";
import { carry } from "../carry.ts";
import { type Clock, systemClock } from "../clock.ts";
import { httpFailure, httpGet } from "../http/get.ts";
import type { Connect, ExecOptions, Transport } from "../port.ts";

export interface LocalOptions {
  /** What commands see as $HOME and start in; the user's own unless told. */
  readonly home?: string;
  readonly clock?: Clock;
}

/** Connects to this machine: commands are run by /bin/sh as the user who runs deploy. */
export function localConnector(options: LocalOptions = {}): Connect {
  return async (host) => new LocalTransport(host, options);
}

class LocalTransport implements Transport {
  readonly host: Host;
  readonly #home: string | undefined;
  readonly #clock: Clock;
  readonly #running = new Set<number>();
  #closed = false;
  readonly #lost: Promise<string>;
  #giveUp: () => void = () => {};

  constructor(host: Host, options: LocalOptions) {
    this.host = host;
    this.#home = options.home;
    this.#clock = options.clock ?? systemClock;
    this.#lost = new Promise((resolve) => {
      this.#giveUp = () => resolve(closedReason);
    });
  }

  async exec(command: RemoteCommand<unknown>, options: ExecOptions = {}): Promise<ExecResult> {
    if (this.#closed) return unknownResult(closedReason);
    if (options.signal?.aborted === true) return unknownResult("stopped waiting");
    const { line, input } = render(command);
    const child = this.#start(line);
    const { stdin, stdout, stderr } = child;
    const terminate = () => signalGroup(child.pid, "SIGTERM");
    const abandon = () => {
      stdout.destroy();
      stderr.destroy();
    };
    const [exited, ended] = [endOf(child, "exit"), endOf(child, "close")];
    const running = { stdin, stdout, stderr, exited, ended, lost: this.#lost, terminate, abandon };
    const payload = command.payload ? options.input : undefined;
    const result = await carry(running, { input, payload }, options, this.#clock);
    // What goes on to write into a stream that nobody takes must not wait for ever.
    if (options.sink !== undefined && result.status === "unknown") stdout.destroy();
    return result;
  }

  http(probe: HttpProbe, signal?: AbortSignal): Promise<HttpAnswer> {
    if (this.#closed) return Promise.reject(httpFailure("http-failed", closedReason, this.host.name));
    return httpGet(probe, this.host.name, undefined, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#giveUp();
    for (const pid of this.#running) signalGroup(pid, "SIGKILL");
  }

  /** Its own process group, so that closing ends what the command started, and only that. */
  #start(line: string): ChildProcessWithoutNullStreams {
    const child = spawn("/bin/sh", ["-c", line], {
      detached: true,
      cwd: this.#home ?? process.env.HOME ?? "/",
      env: cleanEnvironment(this.#home),
    });
    const { pid } = child;
    if (pid !== undefined) {
      this.#running.add(pid);
      child.once("exit", () => this.#running.delete(pid));
    }
    return child;
  }
}

const closedReason = "the transport was closed";

/** What a log-in over SSH would give: none of the tokens that a CI job's environment holds. */
function cleanEnvironment(home: string | undefined): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR"];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(kept), ...(home === undefined ? {} : { HOME: home }) };
}

function signalGroup(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

function endOf(child: ChildProcessWithoutNullStreams, event: "exit" | "close"): Promise<Ended> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ status: "unknown", reason: error.message }));
    child.once(event, (code, signal) => {
      if (code !== null) resolve({ status: "exited", code });
      else resolve({ status: "signalled", signal: signal ?? "unknown" });
    });
  });
}
