import { DeployError, type Host, type Milliseconds, type Secret, Semaphore } from "@deploy/core";
import type { Client } from "ssh2";
import { type Clock, systemClock } from "../clock.ts";
import { readKnownHosts, requireKnownHosts } from "../keys/hostKeys.ts";
import { readPrivateKey, readPublicKey } from "../keys/privateKey.ts";
import type { Connect } from "../port.ts";
import { backoff } from "./backoff.ts";
import { type Lookup, systemLookup } from "./dial.ts";
import { Jump } from "./jump.ts";
import { type OpenOptions, openClient } from "./openClient.ts";
import { SshTransport } from "./transport.ts";

export interface SshOptions {
  /** Text of a known_hosts file; `host SHA256:…` lines are pins too. Required: nothing is trusted by default. */
  readonly knownHosts: string;
  readonly privateKey?: Secret;
  readonly passphrase?: Secret;
  /** Path of an ssh-agent's socket. It is asked to sign, never forwarded. */
  readonly agent?: string;
  /** A public key's line: of the agent's keys only this one is offered. */
  readonly agentKey?: string;
  readonly jumpHost?: Host;
  /** For TCP, and again for handshake and log-in; 20 s unless told. */
  readonly handshakeTimeout?: Milliseconds;
  /** Asked every `interval` (5 s), lost after `count` (3) without an answer. */
  readonly keepalive?: { readonly interval: Milliseconds; readonly count: number };
  /** Connections being opened at once; 16 unless told. */
  readonly starts?: number;
  /** Channels that are kept open, with a shell that waits for a command, for each host; none unless told. */
  readonly ahead?: number;
  /** How often a server too busy to say hello is asked; 6 unless told. */
  readonly attempts?: number;
  /** Hears what was mended without asking, such as a key's line ends. */
  readonly note?: (text: string) => void;
  readonly clock?: Clock;
  readonly lookup?: Lookup;
  readonly random?: () => number;
}

/**
 * Connects over SSH. Known hosts and key are checked here and once: throws `known-hosts-invalid`, `private-key-…`.
 * The Connect it returns keeps one TCP connection per host.
 */
export function sshConnector(options: SshOptions): Connect {
  const log = loginBy(options);
  const { clock = systemClock, random = Math.random, ahead = 0 } = options;
  return async (host, signal) => {
    const { client, leave } = await log(host, signal);
    const channelWaits = [0, 1, 2, 3, 4, 5].map((n) => backoff(n, random));
    return new SshTransport(host, client, { clock, channelWaits, ahead, goodbye: 1_000, onClose: leave });
  };
}

/** A client that is logged in; `leave` is called when it is gone. */
export type Login = (
  host: Host,
  signal?: AbortSignal,
) => Promise<{ readonly client: Client; readonly leave: () => void }>;

export function loginBy(options: SshOptions): Login {
  const open = openOptions(options);
  const starts = new Semaphore(options.starts ?? 16);
  const straight = async () => undefined;
  const jump =
    options.jumpHost === undefined
      ? undefined
      : new Jump(options.jumpHost, (host) => {
          requireKnownHosts(open.known, host);
          return openClient(host, open, straight);
        });
  return async (host, signal) => {
    requireKnownHosts(open.known, host);
    const user = jump?.enter();
    const route = jump === undefined ? straight : () => jump.stream(host);
    try {
      const client = await starts.run<Client>(() => openClient(host, open, route, signal));
      return { client, leave: () => user?.release() };
    } catch (error) {
      user?.release();
      throw error;
    }
  };
}

function openOptions(options: SshOptions): OpenOptions {
  const { privateKey, passphrase, agent, agentKey, clock = systemClock, random = Math.random } = options;
  if (privateKey === undefined && agent === undefined)
    throw new DeployError("private-key-empty", "Neither ssh-private-key nor an ssh-agent is given", {
      place: { path: "ssh-private-key" },
    });
  const key = privateKey === undefined ? undefined : readPrivateKey(privateKey, passphrase);
  for (const note of key?.notes ?? []) options.note?.(note);
  return {
    known: readKnownHosts(options.knownHosts),
    ...(key === undefined ? {} : { key }),
    ...(agent === undefined ? {} : { agent }),
    ...(agentKey === undefined ? {} : { agentKey: readPublicKey(agentKey) }),
    lookup: options.lookup ?? systemLookup,
    handshakeTimeout: options.handshakeTimeout ?? 20_000,
    keepalive: options.keepalive ?? { interval: 5_000, count: 3 },
    attempts: options.attempts ?? 6,
    wait: (attempt, signal) => clock.sleep(backoff(attempt, random), signal),
  };
}
