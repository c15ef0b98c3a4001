import type { Duplex } from "node:stream";
import type { DeployError, Host } from "@deploy/core";
import type { Client } from "ssh2";
import { knownFor } from "../keys/knownHosts.ts";
import { pinnedTypes } from "./algorithms.ts";
import { isBusy } from "./connectErrors.ts";
import { type LoginOptions, type LoginResult, login } from "./login.ts";

export interface OpenOptions extends LoginOptions {
  /** How often a server that is too busy to say hello is asked. */
  readonly attempts: number;
  /** Waits before attempt `n + 1`. */
  readonly wait: (n: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Where the bytes of one attempt flow: undefined is a plain TCP connection. */
export type Route = () => Promise<Duplex | undefined>;

/** A client that is logged in, or the DeployError that says why not. Only a busy server is asked again. */
export async function openClient(
  host: Host,
  options: OpenOptions,
  route: Route,
  signal?: AbortSignal,
): Promise<Client> {
  for (let attempt = 1; ; attempt++) {
    const result = await anyPinnedType(host, options, route, signal);
    if ("client" in result) return result.client;
    if (!isBusy(result.error) || attempt >= options.attempts) throw result.error;
    await options.wait(attempt, signal);
  }
}

/**
 * A `SHA256:` pin does not say of which key it is, and a server shows only one key per handshake: after a mismatch the
 * other types are asked for, so that the right fingerprint always matches.
 */
async function anyPinnedType(
  host: Host,
  options: OpenOptions,
  route: Route,
  signal?: AbortSignal,
): Promise<LoginResult> {
  const about = knownFor(options.known, host.address, host.port);
  const untyped = about.some((entry) => entry.marker === "" && entry.type === "");
  let types = pinnedTypes(about);
  let first: LoginResult | undefined;
  for (;;) {
    const result = await login(host, types, options, await route(), signal);
    if ("client" in result || !untyped || !isMismatch(result.error)) return result;
    first ??= result;
    types = types.filter((type) => type !== result.offered);
    if (types.length === 0 || result.offered === "") return first;
  }
}

const isMismatch = (error: DeployError): boolean => error.problem.code === "host-key-mismatch";
