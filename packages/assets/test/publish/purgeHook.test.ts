import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { DeployError, Secret } from "@deploy/core";
import { afterEach, describe, expect, test } from "@jest/globals";
import { purgeHook } from "../../src/publish/purgeHook.ts";

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

type Answer = readonly [status: number, body?: string, headers?: Record<string, string>];
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Answers one after the other; the last one again and again. None: hangs up. */
async function hook(...answers: (Answer | undefined)[]): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    const { method, url, headers } = request;
    asked.push({ method, url, authorization: headers.authorization, body: await textOf(request) });
    if (answer === undefined) return void request.socket.destroy();
    response.writeHead(answer[0], answer[2]).end(answer[1]);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

const rejected = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => new Error("was not rejected"),
    (reason: unknown) => reason,
  );
  return error instanceof DeployError ? [error.problem.code, error.problem.message] : error;
};

describe("POST", () => {
  test("tells all paths at once, with the token", async () => {
    const { url, asked } = await hook([204]);
    const cdn = purgeHook({ url: `${url}/hooks/s3cret?key=1`, token: new Secret("t0ken") });
    await cdn.purge(["/index.html", "/ä b"]);
    expect(asked).toEqual([
      {
        method: "POST",
        url: "/hooks/s3cret?key=1",
        authorization: "Bearer t0ken",
        body: '{"paths":["/index.html","/ä b"]}',
      },
    ]);
    expect(cdn.name).toBe(`purge hook at ${new URL(url).host}`);
  });

  test("tries again after 500, 429 and a lost connection", async () => {
    const { url, asked } = await hook([500], undefined, [200]);
    await purgeHook({ url, pause: 1 }).purge(["/a"]);
    expect(asked).toHaveLength(3);
  });

  test("gives up after the third", async () => {
    const { url, asked } = await hook([503, `busy ${"x".repeat(5000)}`]);
    expect(await rejected(purgeHook({ url, pause: 1 }).purge(["/a"]))).toEqual([
      "purge-failed",
      `The purge hook at ${new URL(url).host} answered 503: busy ${"x".repeat(195)}`,
    ]);
    expect(asked).toHaveLength(3);
  });

  test("does not try again what was refused, and does not show the token", async () => {
    const { url, asked } = await hook([401, "bad token t0ken\n::error::x"]);
    const cdn = purgeHook({ url, token: new Secret("t0ken") });
    expect(await rejected(cdn.purge(["/a"]))).toEqual([
      "purge-failed",
      `The purge hook at ${new URL(url).host} answered 401: bad token [secret] ::error::x`,
    ]);
    expect(asked).toHaveLength(1);
  });

  test("does not follow a redirect, which would lose the paths", async () => {
    const { url } = await hook([302, "", { location: "/elsewhere" }]);
    expect(await rejected(purgeHook({ url }).purge(["/a"]))).toEqual([
      "purge-failed",
      `The purge hook at ${new URL(url).host} answered 302`,
    ]);
  });

  test("waits for an answer so long and no longer", async () => {
    const server = createServer(() => {});
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cdn = purgeHook({ url: `http://${host}`, timeout: 20, pause: 1 });
    expect(await rejected(cdn.purge(["/a"]))).toEqual([
      "purge-failed",
      `The purge hook at ${host} did not answer: The operation was aborted due to timeout`,
    ]);
  });

  test("ends when it is cancelled, also while it waits", async () => {
    const { url } = await hook([500]);
    const cancel = new AbortController();
    const run = purgeHook({ url, pause: 60_000 }).purge(["/a"], cancel.signal);
    setImmediate(() => cancel.abort(new Error("cancelled")));
    await expect(run).rejects.toThrow("cancelled");
  });
});

describe("PURGE", () => {
  test("asks once for each path, encoded as a URL", async () => {
    const { url, asked } = await hook([200], [404], [200]);
    await purgeHook({ url: `${url}/ignored`, method: "PURGE" }).purge([
      "/shop/index.html",
      "/a b?#ä%.html",
      "/",
    ]);
    expect(asked.map(({ method, url: path, body }) => `${method} ${path} ${body}`).sort()).toEqual([
      "PURGE / ",
      "PURGE /a%20b%3F%23%C3%A4%25.html ",
      "PURGE /shop/index.html ",
    ]);
  });

  test("one refusal is a failed purge", async () => {
    const { url } = await hook([200], [403, "not from here"]);
    expect(await rejected(purgeHook({ url, method: "PURGE" }).purge(["/a", "/b", "/c"]))).toEqual([
      "purge-failed",
      `The purge hook at ${new URL(url).host} answered 403: not from here`,
    ]);
  });
});

test("no URL is a failed purge, not a crash", async () => {
  const cdn = purgeHook({ url: "purge me", pause: 1 });
  expect(cdn.name).toBe("purge hook at no URL");
  expect(await rejected(cdn.purge(["/a"]))).toEqual([
    "purge-failed",
    "The purge hook at no URL did not answer: Invalid URL",
  ]);
});
