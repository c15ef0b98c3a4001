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
import { Capture, unknownResult } from "./capture.ts";
import { feed } from "./feed.ts";
import { httpFailure, httpGet } from "./http-get.ts";
import type { Connect, ExecOptions, Transport } from "./port.ts";
import { whenAborted } from "./ssh-exec.ts";

export interface LocalOptions {
  /** What commands see as $HOME and start in; the user's own unless told. */
  readonly home?: string;
}

/** Connects to this machine: commands are run by /bin/sh as the user who runs deploy. */
export function localConnector(options: LocalOptions = {}): Connect {
  return async (host) => new LocalTransport(host, options);
}

class LocalTransport implements Transport {
  readonly host: Host;
  readonly #home: string | undefined;
  readonly #running = new Set<number>();
  #closed = false;
  readonly #lost: Promise<Ended>;
  #giveUp: () => void = () => {};

  constructor(host: Host, options: LocalOptions) {
    this.host = host;
    this.#home = options.home;
    this.#lost = new Promise((resolve) => {
      this.#giveUp = () => resolve({ status: "unknown", reason: closedReason });
    });
  }

  async exec(command: RemoteCommand<unknown>, options: ExecOptions = {}): Promise<ExecResult> {
    if (this.#closed) return unknownResult(closedReason);
    if (options.signal?.aborted === true) return unknownResult("stopped waiting");
    const { line, input } = render(command);
    const child = this.#start(line);
    const capture = new Capture(options);
    capture.listen("stdout", child.stdout);
    capture.listen("stderr", child.stderr);
    const stopped = whenAborted(options.signal);
    const ended = endOf(child);
    const over = Promise.race([ended, stopped.promise, this.#lost]);
    const payload = command.payload ? options.input : undefined;
    const unread = new Promise<Ended>((resolve) => {
      feed(child.stdin, input, payload, over).catch((error) => {
        if (child.pid !== undefined) stop(child.pid);
        resolve({
          status: "unknown",
          reason: `the payload could not be read: ${String(error?.message ?? error)}`,
        });
      });
    });
    const result = await Promise.race([ended, stopped.promise, this.#lost, unread]);
    stopped.dispose();
    return capture.finish(this.#closed ? { status: "unknown", reason: closedReason } : result);
  }

  http(probe: HttpProbe, signal?: AbortSignal): Promise<HttpAnswer> {
    if (this.#closed) return Promise.reject(httpFailure("http-failed", closedReason, this.host.name));
    return httpGet(probe, this.host.name, undefined, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#giveUp();
    for (const pid of this.#running) stop(pid);
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

function stop(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ status: "unknown", reason: error.message }));
    child.once("close", (code, signal) => {
      if (code !== null) resolve({ status: "exited", code });
      else resolve({ status: "signalled", signal: signal ?? "unknown" });
    });
  });
}
