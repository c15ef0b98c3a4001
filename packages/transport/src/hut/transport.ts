import { DeployError, type Host, hostOf, problemOf } from "@deploy/core";
import {
  type Ask,
  begin,
  type ExecResult,
  frame,
  type HttpAnswer,
  type HttpProbe,
  type RemoteCommand,
  refusal,
} from "@deploy/remote";
import { unknownResult } from "../capture.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Files } from "../files/port.ts";
import { httpGet } from "../http/get.ts";
import type { ExecOptions, Transport } from "../port.ts";
import { finish, note, ready } from "./finish.ts";
import { flip } from "./flip.ts";
import type { Ground } from "./ground.ts";
import * as lock from "./lock.ts";
import { current, manifest, probe } from "./look.ts";
import { receive } from "./receive.ts";
import { remove } from "./remove.ts";

export interface HutOptions {
  /** Where visitors read, absolute; `current` in deploy-to unless told. */
  readonly documentRoot?: string | undefined;
  readonly clock?: Clock;
}

/** A host that runs nothing: our commands are carried out here, over its files. */
export class HutTransport implements Transport {
  readonly host: Host;
  readonly #files: Files;
  readonly #options: HutOptions;
  #closed = false;

  constructor(host: Host, files: Files, options: HutOptions = {}) {
    this.host = host;
    this.#files = files;
    this.#options = options;
  }

  async exec(command: RemoteCommand<unknown>, options: ExecOptions = {}): Promise<ExecResult> {
    if (this.#closed) return unknownResult("the transport was closed");
    const say = (line: string) => options.onOutput?.("stdout", `${begin}\n${line}\n`);
    try {
      const lines = await this.#carryOut(command, options, say);
      return { status: "exited", code: 0, stdout: frame(...lines), stderr: "", dropped: 0 };
    } catch (thrown) {
      const refused = thrown instanceof lock.Refused ? thrown : undefined;
      const error = refused?.error ?? thrown;
      const { code, message } = problemOf(error);
      // Whether what was under way was done, only a look can tell.
      if (code === "connection-lost") return unknownResult(message);
      const told = error instanceof DeployError ? error : new DeployError(code, message);
      const stdout = refusal(told, ...(refused?.lines ?? []));
      return { status: "exited", code: 70, stdout, stderr: "", dropped: 0 };
    }
  }

  /** Asked from here, at the name itself: the server asks nobody for us. */
  http(probe: HttpProbe, signal?: AbortSignal): Promise<HttpAnswer> {
    return httpGet({ ...probe, address: hostOf(probe.url) }, this.host.name, undefined, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#files.close();
  }

  #carryOut(
    { name, ask }: RemoteCommand<unknown>,
    options: ExecOptions,
    say: (line: string) => void,
  ): Promise<readonly string[]> {
    if (ask === undefined)
      throw new DeployError("hut-cannot", `${name} needs a shell, and ${this.host.name} has none for us`);
    const base = ("fence" in ask ? ask.fence.base : ask.base).replace(/^~\//, "/").replace(/\/+$/, "");
    const root = (this.#options.documentRoot ?? `${base}/current`).replace(/\/+$/, "");
    const { clock = systemClock } = this.#options;
    return perform({ files: this.#files, clock, base, own: `${base}/.deploy`, root }, ask, options, say);
  }
}

async function perform(
  ground: Ground,
  ask: Ask,
  options: ExecOptions,
  say: (line: string) => void,
): Promise<readonly string[]> {
  switch (ask.what) {
    case "probe":
      return probe(ground, ask);
    case "current":
      return current(ground);
    case "manifest":
      return manifest(ground, ask);
    case "acquire":
      return lock.acquire(ground, ask);
    case "adopt":
      return lock.adopt(ground, ask);
    case "renew":
      return lock.renew(ground, ask);
    case "release":
      return lock.release(ground, ask);
    case "freeze":
      return lock.freeze(ground, ask);
    case "unfreeze":
      return lock.unfreeze(ground);
    case "receive":
      return receive(ground, ask, options);
    case "ready":
      return ready(ground, ask);
    case "flip":
      return flip(ground, ask, options, say);
    case "finish":
      return finish(ground, ask);
    case "hold":
      return note(ground, ask, "held");
    case "floor":
      return note(ground, ask, "floor");
    case "remove":
      return remove(ground, ask);
  }
}
