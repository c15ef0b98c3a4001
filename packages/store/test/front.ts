import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import { buffer } from "node:stream/consumers";
import { breakOff } from "@deploy/testkit";

/** One request as it came. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What is done to a request; undefined: it goes through to the server behind. */
export type Fault =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  /** Reset before the server saw it. */
  | "reset"
  /** The server does it; its answer gets lost. */
  | "lose"
  /** Nothing is ever answered. */
  | "hang"
  /** A byte of the request's body is flipped on the way. */
  | { readonly flip: number }
  /** The answer's body ends after so many bytes; `damage` flips the first of them. */
  | { readonly cut: number }
  | { readonly damage: number }
  /** So many bytes of the answer's body, then one byte every ten milliseconds. */
  | { readonly drip: number };

/** An HTTP server on loopback that answers by itself, or stands in front of another and breaks what passes. */
export interface Front {
  readonly endpoint: string;
  readonly seen: Seen[];
  /** Of each request: its method and what it did, as `PUT a.css` or `POST a.css?uploads`. */
  lines(): string[];
  /** Decides for each request from now on. */
  use(fault: (seen: Seen, index: number) => Fault | undefined): void;
  close(): Promise<void>;
}

/** S3's answer for an error. */
export function refusal(
  status: number,
  code: string,
  more = "",
  headers: Record<string, string> = {},
): Fault {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>told by the test</Message>${more}</Error>`;
  return { status, body, headers: { "content-type": "application/xml", ...headers } };
}

export async function front(port?: number): Promise<Front> {
  const seen: Seen[] = [];
  let decide: (seen: Seen, index: number) => Fault | undefined = () => undefined;
  const server = createServer(async (incoming, outgoing) => {
    incoming.on("error", () => {});
    const one = await read(incoming).catch(() => undefined);
    if (one === undefined) return;
    const fault = decide(one, seen.push(one) - 1);
    apply(fault, one, incoming, outgoing, port);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    seen,
    lines: () => seen.map(lineOf),
    use: (fault) => {
      decide = fault;
      seen.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function lineOf({ method, path, query }: Seen): string {
  const told = ["uploads", "partNumber", "list-type", "uploadId"].find((name) => query.has(name));
  const number = told === "partNumber" ? `=${query.get("partNumber")}` : "";
  return `${method} ${path.split("/").slice(2).join("/")}${told === undefined ? "" : `?${told}${number}`}`;
}

async function read(incoming: IncomingMessage): Promise<Seen> {
  const url = new URL(incoming.url ?? "", "http://test");
  const { method = "", headers } = incoming;
  return { method, headers, path: url.pathname, query: url.searchParams, body: await buffer(incoming) };
}

function apply(
  fault: Fault | undefined,
  one: Seen,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port?: number,
) {
  if (fault === "hang") return;
  if (fault === "reset") return void breakOff(incoming.socket);
  if (typeof fault === "object" && "status" in fault) {
    const length = { "content-length": String(Buffer.byteLength(fault.body ?? "")) };
    const chunked = fault.headers?.["transfer-encoding"] !== undefined;
    outgoing.writeHead(fault.status, { ...(chunked ? {} : length), ...fault.headers });
    return void outgoing.end(one.method === "HEAD" ? undefined : fault.body);
  }
  if (port === undefined) return void outgoing.writeHead(500).end();
  const flipAt = typeof fault === "object" && "flip" in fault ? fault.flip : undefined;
  const headers = { ...incoming.headers };
  const onward = request({
    host: "127.0.0.1",
    port,
    method: one.method,
    path: incoming.url,
    headers,
    agent: false,
  });
  onward.on("error", () => breakOff(incoming.socket));
  onward.on("response", (answer) => void pass(answer, fault, incoming, outgoing));
  onward.end(flipAt === undefined ? one.body : flipped(one.body, flipAt));
}

async function pass(
  answer: IncomingMessage,
  fault: Fault | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) {
  const body = await buffer(answer).catch(() => undefined);
  if (body === undefined || fault === "lose") return void breakOff(incoming.socket);
  const { connection: _, "transfer-encoding": __, ...headers } = answer.headers;
  outgoing.writeHead(answer.statusCode ?? 500, headers);
  if (typeof fault === "object" && "cut" in fault) {
    outgoing.write(body.subarray(0, fault.cut), () => incoming.socket.destroy());
  } else if (typeof fault === "object" && "drip" in fault) {
    outgoing.write(body.subarray(0, fault.drip));
    drip(outgoing, body.subarray(fault.drip));
  } else {
    outgoing.end(typeof fault === "object" && "damage" in fault ? flipped(body, fault.damage) : body);
  }
}

function drip(outgoing: ServerResponse, left: Buffer): void {
  if (outgoing.destroyed || left.length === 0) return;
  outgoing.write(left.subarray(0, 1));
  setTimeout(() => drip(outgoing, left.subarray(1)), 10).unref();
}

function flipped(body: Buffer, at: number): Buffer {
  const copy = Buffer.from(body);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
