import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { DeployError, type Host } from "@deploy/core";
import ssh2, { type Client, type ConnectConfig } from "ssh2";
import { noPinnedType } from "../keys/hostKeys.ts";
import type { KnownHosts } from "../keys/knownHosts.ts";
import { exchange, hostKeyAlgorithms } from "./algorithms.ts";
import { connectError, type Stage } from "./connectErrors.ts";
import { dial, type Lookup } from "./dial.ts";
import { HostKeyCheck } from "./hostKeyCheck.ts";
import { type Keys, Offer } from "./offer.ts";

/** Everything one attempt needs besides the host: settled once per connector. Times in milliseconds. */
export interface LoginOptions extends Keys {
  readonly known: KnownHosts;
  readonly lookup: Lookup;
  readonly handshakeTimeout: number;
  readonly keepalive: { readonly interval: number; readonly count: number };
}

/** How an attempt ended: a client that is logged in, or why not and which host key type was offered. */
export type LoginResult =
  | { readonly client: Client }
  | { readonly error: DeployError; readonly offered: string };

/** One attempt to log in over a new TCP connection, or over `through` (a jump host's stream). Never rejects. */
export async function login(
  host: Host,
  types: readonly string[],
  options: LoginOptions,
  through?: Duplex,
  signal?: AbortSignal,
): Promise<LoginResult> {
  const timeout = options.handshakeTimeout;
  try {
    const sock = through ?? (await dial(await options.lookup(host.address), host.port, timeout, signal));
    return await loginOver(sock, host, types, options, signal);
  } catch (error) {
    const offer = new Offer(host.username, options);
    const told = connectError(error, { host, stage: "tcp", timeout, offer });
    return { error: signal?.aborted === true ? stopped(host) : told, offered: "" };
  }
}

const stopped = (host: Host): DeployError =>
  new DeployError("connect-stopped", `Connecting to ${host.name} was stopped`, {
    place: { host: host.name },
  });

function loginOver(
  sock: Duplex,
  host: Host,
  types: readonly string[],
  options: LoginOptions,
  signal: AbortSignal | undefined,
): Promise<LoginResult> {
  const check = new HostKeyCheck(options.known, host);
  const offer = new Offer(host.username, options);
  const client = new ssh2.Client();
  return new Promise((resolve) => {
    const progress = new Progress(sock, client);
    let agentFault: unknown;
    const fail = (error: DeployError) => {
      settle({ error, offered: check.offered });
      sock.destroy();
    };
    const refuse = (error: unknown) =>
      fail(explain(error, { host, types, options, check, offer, sock, stage: progress.stage, agentFault }));
    const stop = () => fail(stopped(host));
    const settle = (result: LoginResult) => {
      signal?.removeEventListener("abort", stop);
      resolve(result);
    };
    // This listener stays for good: an error without one would end the process.
    client.on("error", (error: Error & { level?: string }) => {
      if (error.level === "agent") agentFault = error;
      else refuse(error);
    });
    client.on("close", () => refuse({ code: "ECLOSED", message: "the server closed the connection" }));
    client.on("ready", () => settle({ client }));
    if (signal?.aborted === true) return stop();
    signal?.addEventListener("abort", stop);
    client.connect(configFor(host, types, options, { check, offer, sock }));
    progress.watch();
  });
}

/** Follows how far an attempt has come, for the error that may end it. */
class Progress {
  stage: Stage = "banner";
  readonly #sock: Duplex;

  constructor(sock: Duplex, client: Client) {
    this.#sock = sock;
    client.once("handshake", () => {
      this.stage = "auth";
    });
  }

  /** To be called once ssh2 has paused the socket: listening earlier would let it flow too soon. */
  watch(): void {
    const onData = (data: Buffer) => {
      if (!data.includes("SSH-")) return;
      if (this.stage === "banner") this.stage = "handshake";
      this.#sock.off("data", onData);
    };
    this.#sock.on("data", onData);
  }
}

function configFor(
  host: Host,
  types: readonly string[],
  options: LoginOptions,
  { check, offer, sock }: Pick<Context, "check" | "offer" | "sock">,
): ConnectConfig {
  return {
    sock: sock as Socket,
    username: host.username,
    hostVerifier: check.verify,
    readyTimeout: options.handshakeTimeout,
    keepaliveInterval: options.keepalive.interval,
    keepaliveCountMax: options.keepalive.count,
    agentForward: false,
    // Straight to what is given: asking `none` first would cost a round trip.
    authHandler: offer.next,
    algorithms: {
      kex: [...exchange.kex],
      cipher: [...exchange.cipher],
      hmac: [...exchange.hmac],
      compress: [...exchange.compress],
      serverHostKey: [...hostKeyAlgorithms(types)] as NonNullable<
        ConnectConfig["algorithms"]
      >["serverHostKey"] &
        [],
    },
  };
}

interface Context {
  readonly host: Host;
  readonly types: readonly string[];
  readonly options: LoginOptions;
  readonly check: HostKeyCheck;
  readonly offer: Offer;
  readonly sock: Duplex;
  readonly stage: Stage;
  readonly agentFault: unknown;
}

function explain(error: unknown, context: Context): DeployError {
  const { host, options, check, offer, sock } = context;
  if (check.refusal !== undefined) return check.refusal;
  if (error instanceof Error && error.message.includes("no matching host key format"))
    return noPinnedType(options.known, host, context.types);
  const cause = options.key === undefined && context.agentFault !== undefined ? context.agentFault : error;
  const { remoteAddress } = sock as Partial<Socket>;
  const at = remoteAddress === undefined ? {} : { address: remoteAddress };
  return connectError(cause, { host, stage: context.stage, timeout: options.handshakeTimeout, offer, ...at });
}
