import type { Host } from "@deploy/core";
import {
  curlGet,
  type ExecResult,
  type HttpAnswer,
  type HttpProbe,
  late,
  type RemoteCommand,
  render,
  waiting,
} from "@deploy/remote";
import type { Client, ClientChannel, PseudoTtyOptions } from "ssh2";
import { unknownResult } from "../capture.ts";
import type { Clock } from "../clock.ts";
import { curlCap, parseCurl } from "../http/curl.ts";
import { httpFailure, httpGet, shown, targetOf } from "../http/get.ts";
import type { ExecOptions, Terminal, Transport } from "../port.ts";
import { Ahead } from "./ahead.ts";
import { type NoChannel, openChannel, runChannel } from "./exec.ts";
import { forward } from "./forward.ts";
import { ptyOf, runTerminal } from "./interact.ts";
import { sayTo } from "./say.ts";

export interface SshTransportOptions {
  readonly clock: Clock;
  /** Milliseconds before a refused channel is asked for again, for each attempt; their number bounds it. */
  readonly channelWaits: readonly number[];
  /** Channels that are open, with a shell that waits, before there is a command for them. */
  readonly ahead: number;
  /** Milliseconds that an orderly goodbye may take. */
  readonly goodbye: number;
  /** Called once, when the connection is gone for whatever reason. */
  readonly onClose: () => void;
}

/** Commands and requests over one logged-in client. */
export class SshTransport implements Transport {
  readonly host: Host;
  readonly #client: Client;
  readonly #options: SshTransportOptions;
  #lostReason: string | undefined;
  #fault = "the server closed it";
  readonly #ahead: Ahead;
  readonly #lost: Promise<string>;
  readonly #gone: Promise<void>;
  #giveUp: (reason: string) => void = () => {};

  constructor(host: Host, client: Client, options: SshTransportOptions) {
    this.host = host;
    this.#client = client;
    this.#options = options;
    this.#lost = new Promise((resolve) => {
      this.#giveUp = (reason) => {
        this.#lostReason ??= reason;
        resolve(this.#lostReason);
      };
    });
    client.on("error", (error: Error) => {
      this.#fault = error.message;
    });
    this.#gone = new Promise((resolve) => {
      client.once("close", () => {
        this.#giveUp(`the connection was lost: ${this.#fault}`);
        options.onClose();
        resolve();
      });
    });
    this.#ahead = new Ahead(() => openChannel(client, waiting), options.ahead);
  }

  async exec(command: RemoteCommand<unknown>, options: ExecOptions = {}): Promise<ExecResult> {
    if (this.#lostReason !== undefined) return unknownResult(this.#lostReason);
    const { line, input } = render(command);
    const waits = await this.#orGivenUp(this.#ahead.take(), options.signal);
    const channel = "stderr" in waits ? waits : await this.#open(line, options.signal);
    if (!("stderr" in channel)) return this.#unopened(channel);
    const sent = {
      input: channel === waits ? late(command) : input,
      payload: command.payload ? options.input : undefined,
    };
    const connection = { lost: this.#lost, lostReason: () => this.#lostReason };
    return runChannel(channel, connection, sent, options, this.#options.clock);
  }

  async interact(
    command: RemoteCommand<unknown>,
    terminal: Terminal,
    signal?: AbortSignal,
  ): Promise<ExecResult> {
    if (this.#lostReason !== undefined) return unknownResult(this.#lostReason);
    const { line, input } = render(command);
    const channel = await this.#open(line, signal, ptyOf(terminal));
    if (!("stderr" in channel)) return this.#unopened(channel);
    const connection = { lost: this.#lost, lostReason: () => this.#lostReason };
    return runTerminal(channel, connection, input, terminal, signal);
  }

  #unopened({ refused, reason }: NoChannel): ExecResult {
    if (this.#lostReason !== undefined) return unknownResult(this.#lostReason);
    return { ...unknownResult(reason), ...(refused && { refused: true }) };
  }

  async http(probe: HttpProbe, signal?: AbortSignal): Promise<HttpAnswer> {
    if (this.#lostReason !== undefined) throw httpFailure("http-failed", this.#lostReason, this.host.name);
    const { port } = targetOf(probe.url);
    const stream = await this.#within(forward(this.#client, probe.address, port), probe, signal);
    if ("write" in stream) return httpGet(probe, this.host.name, stream, signal);
    if (stream.prohibited)
      return parseCurl(
        await this.exec(curlGet(probe, curlCap), signal === undefined ? {} : { signal }),
        probe,
        this.host.name,
      );
    throw httpFailure(
      forwardCode(stream.reason),
      `${this.host.name} could not connect to ${shown(probe)}: ${stream.reason}`,
      this.host.name,
    );
  }

  say(socket: string, line: string): Promise<string> {
    return sayTo(this.#client, this.host.name, socket, line);
  }

  async close(): Promise<void> {
    this.#giveUp("the transport was closed");
    this.#client.end();
    const { clock, goodbye } = this.#options;
    const stop = new AbortController();
    await Promise.race([this.#gone, clock.sleep(goodbye, stop.signal)]);
    stop.abort();
    this.#client.destroy();
    this.#options.onClose();
  }

  /** Opening a channel is asked again where the server refused it (MaxSessions): nothing has run then. */
  async #open(
    line: string,
    signal: AbortSignal | undefined,
    pty?: PseudoTtyOptions,
  ): Promise<ClientChannel | NoChannel> {
    for (let attempt = 0; ; attempt++) {
      if (signal?.aborted === true) return { refused: false, reason: "stopped waiting" };
      const opening = openChannel(this.#client, line, pty);
      const channel = await this.#orGivenUp(opening, signal);
      if ("stderr" in channel || !channel.refused || this.#lostReason !== undefined) return channel;
      // Those that wait for nothing yet may be what is one too many.
      this.#ahead.end();
      const wait = this.#options.channelWaits[attempt];
      if (wait === undefined)
        return {
          refused: true,
          reason: `the server opened no channel (MaxSessions?), nothing was run: ${channel.reason}`,
        };
      await this.#options.clock.sleep(wait, signal);
    }
  }

  /** A channel that opens after nobody waits any more is closed again. */
  async #orGivenUp(
    opening: Promise<ClientChannel | NoChannel>,
    signal: AbortSignal | undefined,
  ): Promise<ClientChannel | NoChannel> {
    const over = await firstOf(opening, this.#lost, signal);
    if (over.value !== undefined) return over.value;
    void opening.then((channel) => "stderr" in channel && channel.close());
    return { refused: false, reason: over.reason };
  }

  async #within<T extends object>(
    opening: Promise<T>,
    probe: HttpProbe,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const timeout = AbortSignal.timeout(probe.timeout);
    const over = await firstOf(
      opening,
      this.#lost,
      signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    );
    if (over.value !== undefined) return over.value;
    void opening.then((stream) => "destroy" in stream && (stream.destroy as () => void)());
    if (timeout.aborted)
      throw httpFailure(
        "http-timeout",
        `${shown(probe)} did not answer within ${probe.timeout / 1000} s`,
        this.host.name,
      );
    throw httpFailure("http-failed", `Asking ${shown(probe)} was stopped: ${over.reason}`, this.host.name);
  }
}

/** Servers say why in words of the system, or (not OpenSSH) in none: then it was most likely refused. */
function forwardCode(reason: string): "http-refused" | "http-timeout" | "http-failed" {
  if (/timed out/i.test(reason)) return "http-timeout";
  return reason === "" || /refused/i.test(reason) ? "http-refused" : "http-failed";
}

/** The value, or why it is no longer waited for. */
async function firstOf<T extends object>(
  value: Promise<T>,
  lost: Promise<string>,
  signal: AbortSignal | undefined,
): Promise<{ readonly value?: T; readonly reason: string }> {
  let stop = (): void => {};
  const aborted = new Promise<string>((resolve) => {
    stop = () => resolve("stopped waiting");
    if (signal?.aborted === true) stop();
    signal?.addEventListener("abort", stop, { once: true });
  });
  const first = await Promise.race([value, lost, aborted]);
  signal?.removeEventListener("abort", stop);
  return typeof first === "string" ? { reason: first } : { value: first, reason: "" };
}
