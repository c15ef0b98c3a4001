import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DeployError } from "@deploy/core";
import type { HttpAnswer, HttpProbe } from "@deploy/remote";
import type { Transport } from "@deploy/transport";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

const rehearsal: HttpAnswer = { status: 299, headers: { rehearsed: "yes" }, body: "rehearsed" };

/** Requests made on the host: `rehearsed` where the transport only records them. Hosts must share this machine's loopback. */
export function requests(
  get: () => Transport,
  kind: "real" | "rehearsed",
  expose: (port: number) => void,
): void {
  let server: Server;
  beforeAll(async () => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    expose((server.address() as AddressInfo).port);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const probe = (path: string, timeout = 10_000): HttpProbe => ({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    address: "127.0.0.1",
    timeout,
    rehearsal,
  });
  if (kind === "rehearsed") {
    test("a request is answered as rehearsed", async () => {
      expect(await get().http(probe("/up"))).toEqual(rehearsal);
    });
    return;
  }
  answers(get, probe);
  failures(get, probe, expose);
}

type Probe = (path: string, timeout?: number) => HttpProbe;

function answers(get: () => Transport, probe: Probe): void {
  const seen = async (path: string) => {
    const { status, headers, body } = await get().http(probe(path));
    return { status, release: headers["x-release"], location: headers.location, body };
  };

  test("a request is made and its answer read", async () => {
    expect(await seen("/up?a=b&c=%20d")).toEqual({
      status: 200,
      release: "4f2a91c",
      body: "GET /up?a=b&c=%20d é",
    });
  });

  test("a name in the URL is said, and not looked up", async () => {
    const url = probe("/name").url.replace("127.0.0.1", "shop.invalid");
    expect((await get().http({ ...probe("/name"), url })).body).toBe(`GET ${url.slice("http://".length)} é`);
  });

  test("headers are sent", async () => {
    const headers = ["X-Forwarded-Proto: https", "User-Agent: mine (x)"];
    const { body } = await get().http({ ...probe("/headers"), headers });
    expect(body).toBe("https mine (x)");
  });

  test("an error status is an answer", async () => {
    expect(await seen("/503")).toEqual({ status: 503, release: "4f2a91c", body: "GET /503 é" });
  });

  test("a redirect is not followed", async () => {
    expect(await seen("/302")).toEqual({
      status: 302,
      release: "4f2a91c",
      location: "/up",
      body: "GET /302 é",
    });
  });

  test("a long body is cut at 64 KiB", async () => {
    expect((await seen("/long")).body).toBe("l".repeat(65_536));
  });

  test("several requests and commands at once", async () => {
    const paths = ["/a", "/b", "/c", "/d"];
    const bodies = await Promise.all(paths.map(async (path) => (await seen(path)).body));
    expect(bodies).toEqual(paths.map((path) => `GET ${path} é`));
  });
}

function failures(get: () => Transport, probe: Probe, expose: (port: number) => void): void {
  const codeOf = async (asked: HttpProbe, signal?: AbortSignal) => {
    const error = await get()
      .http(asked, signal)
      .catch((reason: unknown) => reason);
    return error instanceof DeployError
      ? { code: error.problem.code, host: error.problem.place.host, named: error.message.includes(asked.url) }
      : error;
  };
  const expected = (code: string) => ({ code, host: get().host.name, named: true });

  test("nobody listening is told", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expose(port);
    const asked = { url: `http://127.0.0.1:${port}/`, address: "127.0.0.1", timeout: 10_000, rehearsal };
    expect(await codeOf(asked)).toEqual(expected("http-refused"));
  });

  test("no answer in time is told", async () => {
    expect(await codeOf(probe("/silent", 300))).toEqual(expected("http-timeout"));
  });

  test("a body that never ends is told", async () => {
    expect(await codeOf(probe("/drip", 300))).toEqual(expected("http-timeout"));
  });

  test("an answer that is no HTTP is told", async () => {
    expect(await codeOf(probe("/garbage"))).toEqual(expected("http-failed"));
  });

  test("an abort stops the waiting", async () => {
    expect(await codeOf(probe("/silent"), AbortSignal.timeout(100))).toEqual(expected("http-failed"));
  });
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? "";
  if (path === "/silent") return;
  if (path === "/garbage") return void request.socket.end("SMTP 220 hello\r\n\r\n");
  response.setHeader("X-Release", "4f2a91c");
  if (path === "/302") response.setHeader("Location", "/up");
  response.statusCode = Number(/^\/(\d{3})$/.exec(path)?.[1] ?? 200);
  if (path === "/drip") return void response.write("begun");
  if (path === "/name") return void response.end(`GET ${request.headers.host}${path} é`);
  if (path === "/headers")
    return void response.end(`${request.headers["x-forwarded-proto"]} ${request.headers["user-agent"]}`);
  response.end(path === "/long" ? "l".repeat(300_000) : `${request.method} ${path} é`);
}
