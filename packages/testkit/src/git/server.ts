import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo } from "node:net";

export interface GitServerOptions {
  /** Where the repositories lie; all of it can be fetched. */
  readonly root: string;
  /** Without it, everybody may. */
  readonly token?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly host?: string;
  /** Called before each answer: it may hold it up. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
}

export interface GitServer {
  /** Ends without a slash. */
  readonly url: string;
  readonly port: number;
  /** `Authorization` as it came, and paths, of all requests. */
  readonly seen: { readonly path: string; readonly authorization: string }[];
  close(): Promise<void>;
}

/** git's own HTTP backend. */
export async function gitServer(options: GitServerOptions): Promise<GitServer> {
  const { root, token, tls, host = "127.0.0.1", before } = options;
  const seen: GitServer["seen"] = [];
  const listener: RequestListener = (request, response) => {
    const { authorization = "" } = request.headers;
    seen.push({ path: request.url ?? "", authorization });
    const given = Buffer.from(authorization.replace("Basic ", ""), "base64").toString().split(":")[1];
    if (token !== undefined && given !== token) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
      return;
    }
    void Promise.resolve(before?.(request, response)).then(
      () => response.writableEnded || response.destroyed || answer(root, request, response),
    );
  };
  const server = tls === undefined ? createServer(listener) : createSecure(tls, listener);
  await new Promise<void>((done) => server.listen(0, host, done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://${host}:${port}`,
    port,
    seen,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

function answer(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "", "http://git");
  const header = (name: string) => String(request.headers[name] ?? "");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      HOME: root,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: header("content-type"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      HTTP_GIT_PROTOCOL: header("git-protocol"),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  response.once("close", () => child.kill());
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    if (head === undefined) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    writeHead(response, head.subarray(0, end).toString());
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.once("close", () => (head === undefined ? response.end() : response.destroy()));
}

/** As CGI has it: a status line is a header. */
function writeHead(response: ServerResponse, text: string): void {
  const headers = text
    .split("\r\n")
    .map((line) => [line.split(": ")[0] ?? "", line.replace(/^[^:]*: /, "")] as const);
  const status = headers.find(([name]) => name === "Status")?.[1] ?? "200";
  for (const [name, value] of headers) if (name !== "Status") response.setHeader(name, value);
  response.writeHead(Number.parseInt(status, 10));
}
