import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface UiServer {
  readonly url: string;
  /** Tells every open page. */
  tell(parts: object): void;
  close(): Promise<void>;
}

export interface UiSource {
  /** The whole page. */
  page(): string;
  /** What of it changes, for a page that just connected. */
  parts(): object;
  readonly policy: string;
}

/**
 * Serves one page, to browsers of this machine that were given its address: on loopback alone, under a path that nobody guesses, for no
 * other name than its own (a page elsewhere whose name leads here is refused), and to be read only.
 */
export async function serveUi(source: UiSource, port: number): Promise<UiServer> {
  const token = randomBytes(24).toString("base64url");
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headersFor(source.policy))) response.setHeader(name, value);
    const { port: own } = server.address() as AddressInfo;
    const [code, what] = judge(request, own, token);
    if (what === "events") return follow(response, open, source);
    response.writeHead(code, { "content-type": `text/${what === "page" ? "html" : "plain"}; charset=utf-8` });
    response.end(request.method === "HEAD" ? undefined : what === "page" ? source.page() : `${what}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`,
    tell: (parts) => {
      for (const response of open) send(response, parts);
    },
    close: () =>
      new Promise((resolve) => {
        for (const response of open) response.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function judge(request: IncomingMessage, port: number, token: string): readonly [number, string] {
  const { host = "", "sec-fetch-site": site = "none" } = request.headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    return [421, "not served under this name"];
  if (request.method !== "GET" && request.method !== "HEAD") return [405, "to be read only"];
  if (site !== "none" && site !== "same-origin") return [403, "not for pages of others"];
  const [, given = "", path, ...more] = (request.url ?? "").split("?")[0]?.split("/") ?? [];
  if (!isSame(given, token) || more.length > 0) return [404, "not here"];
  if (path === "") return [200, "page"];
  return path === "events" && request.method === "GET" ? [200, "events"] : [404, "not here"];
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function headersFor(policy: string): Readonly<Record<string, string>> {
  return {
    "content-security-policy": policy,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
  };
}

/** Server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html. */
function follow(response: ServerResponse, open: Set<ServerResponse>, source: UiSource): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  open.add(response);
  response.on("close", () => open.delete(response));
  send(response, source.parts());
}

/** JSON has no line feed of its own. */
function send(response: ServerResponse, parts: object): void {
  response.write(`data: ${JSON.stringify(parts)}\n\n`);
}
