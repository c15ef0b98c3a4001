import type { ClientRequest, IncomingMessage } from "node:http";
import { isIP, connect as netConnect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { DeployError, type ErrorCode, hostOf } from "@deploy/core";
import type { HttpAnswer, HttpProbe } from "@deploy/remote";

/** Bytes of a body that are kept. */
export const bodyCap = 65_536;

/** What an URL names: the port is the scheme's where none is named, IPv6 comes without brackets. */
export function targetOf(url: string): {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
} {
  const parsed = new URL(url);
  const tls = parsed.protocol === "https:";
  return { host: hostOf(url), port: parsed.port === "" ? (tls ? 443 : 80) : Number(parsed.port), tls };
}

/** As messages name it: with the address where the URL's name is not it. */
export function shown({ url, address }: HttpProbe): string {
  return targetOf(url).host === address ? url : `${url} (asked at ${address})`;
}

/** One GET over `stream` (or a connection of its own); redirects are answers. Rejects with `http-…` errors that name `host`. */
export function httpGet(
  probe: HttpProbe,
  host: string,
  stream?: Duplex,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(probe.timeout);
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  return ask(probe, stream, stop)
    .catch((error) => {
      throw httpError(error, probe, host, timeout.aborted);
    })
    .finally(() => stream?.destroy());
}

async function ask(probe: HttpProbe, stream: Duplex | undefined, signal: AbortSignal): Promise<HttpAnswer> {
  const request = await start(probe, stream, signal);
  return new Promise<HttpAnswer>((resolve, reject) => {
    request.on("response", (response) => read(response).then(resolve, reject));
    request.on("error", reject);
    request.end();
  });
}

async function start(
  { url, address, headers: more = [] }: HttpProbe,
  stream: Duplex | undefined,
  signal: AbortSignal,
): Promise<ClientRequest> {
  const { host, port, tls } = targetOf(url);
  const headers = { "user-agent": "deploy", accept: "*/*", connection: "close", ...named(more) };
  // Late: node:http loads node's whole fetch, which doubles the time that Node needs to start.
  const { request } = await import(tls ? "node:https" : "node:http");
  const { connect: tlsConnect, checkServerIdentity } = await import("node:tls");
  const to = stream === undefined ? { host: address, port } : { socket: asSocket(stream) };
  const name = isIP(host) === 0 ? { servername: host } : {};
  const createConnection = () => {
    if (tls)
      return tlsConnect({
        ...to,
        ...name,
        checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
      });
    return "socket" in to ? to.socket : netConnect(to);
  };
  return request(url, { headers, signal, createConnection });
}

/** By lower-case name: a header given takes the place of our own. */
function named(headers: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headers.map((header) => {
      const colon = header.indexOf(":");
      return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
    }),
  );
}

/** A channel has the shape of a socket but for these, which node's HTTP client may call. */
function asSocket(stream: Duplex): Socket {
  const same = () => stream;
  return Object.assign(stream, {
    setKeepAlive: same,
    setNoDelay: same,
    setTimeout: same,
    ref: same,
    unref: same,
    destroySoon: () => stream.destroy(),
  }) as unknown as Socket;
}

async function read(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bodyCap) break;
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  const body = Buffer.concat(chunks).subarray(0, bodyCap).toString("utf8");
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body };
}

function httpError(error: unknown, probe: HttpProbe, host: string, timedOut: boolean): DeployError {
  if (error instanceof DeployError) return error;
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  if (timedOut || code === "ETIMEDOUT")
    return httpFailure(
      "http-timeout",
      `${shown(probe)} did not answer within ${probe.timeout / 1000} s`,
      host,
    );
  if (code === "ECONNREFUSED") return httpFailure("http-refused", `Nothing listens at ${shown(probe)}`, host);
  if (code === "ABORT_ERR") return httpFailure("http-failed", `Asking ${shown(probe)} was stopped`, host);
  return httpFailure("http-failed", `${shown(probe)} gave no valid answer: ${message}`, host);
}

export function httpFailure(code: ErrorCode, message: string, host: string): DeployError {
  return new DeployError(code, message, { place: { host } });
}
