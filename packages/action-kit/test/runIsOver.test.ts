import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type LockOwner, Secret } from "@deploy/core";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { runIsOver } from "../src/index.ts";

/** A GitHub on loopback: it answers as told, and remembers what it was asked. */
let server: Server;
let apiUrl: string;
let asked: Pick<IncomingMessage, "method" | "url" | "headers">[];
let answer: { readonly status: number; readonly body: string; readonly location?: string };
let notes: string[];

beforeEach(async () => {
  [asked, notes] = [[], []];
  server = createServer(({ method, url, headers }, response) => {
    asked.push({ method, url, headers });
    const { status, body, location } = answer;
    const type = { "content-type": "application/json; charset=utf-8" };
    response.writeHead(status, { ...type, ...(location === undefined ? {} : { location }) }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((done) => void server.close(done)));

const owner: LockOwner = {
  id: "org/shop/41",
  repository: "org/shop",
  run: "41",
  attempt: "2",
  actor: "ann",
  commit: "abc",
  phase: "migrate",
};

function ask(change: Partial<LockOwner> = {}, signal = new AbortController().signal): Promise<boolean> {
  const note = (text: string): void => void notes.push(text);
  return runIsOver({ apiUrl }, { token: new Secret("ghs_secret\n"), note, signal })({ ...owner, ...change });
}

function answerWith(run: Readonly<Record<string, unknown>>): void {
  answer = { status: 200, body: JSON.stringify({ id: 41, status: "completed", run_attempt: 2, ...run }) };
}

describe("runIsOver", () => {
  test("asks for exactly that run, with the token", async () => {
    answerWith({});
    expect(await ask()).toBe(true);
    expect(asked.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
      ["GET", "/repos/org/shop/actions/runs/41", "token ghs_secret"],
    ]);
    expect(notes).toEqual([]);
  });

  test.each([
    ["completed, whatever it came to", { conclusion: "cancelled" }, true],
    ["completed in a later attempt", { run_attempt: 3 }, true],
    ["running", { status: "in_progress" }, false],
    ["waiting for a reviewer", { status: "waiting" }, false],
    ["run again, and running: the same owner", { status: "in_progress", run_attempt: 3 }, false],
    ["completed, says an answer older than the holder's attempt", { run_attempt: 1 }, false],
    ["completed, without an attempt", { run_attempt: undefined }, false],
    ["another run", { id: 42 }, false],
  ])("%s", async (_, run, over) => {
    answerWith(run);
    expect(await ask()).toBe(over);
  });

  test.each([
    [404, "(the token needs `actions: read` there)"],
    [403, "(the token needs `actions: read` there)"],
    [500, "GitHub answered 500."],
    [204, "GitHub answered 204."],
  ])("an answer %d is not over, and noted", async (status, text) => {
    answer = { status, body: "" };
    expect([await ask(), notes]).toEqual([false, [expect.stringContaining(text)]]);
    expect(notes.join()).not.toContain("ghs_secret");
  });

  test("what is no JSON, or null, is not over", async () => {
    answer = { status: 200, body: "<html>" };
    expect(await ask()).toBe(false);
    answer = { status: 200, body: "null" };
    expect([await ask(), notes.length]).toEqual([false, 1]);
  });

  test("a redirect is not followed: the token stays here", async () => {
    answer = { status: 301, body: "", location: `${apiUrl}/elsewhere` };
    expect([await ask(), asked.map(({ url }) => url), notes.length]).toEqual([
      false,
      ["/repos/org/shop/actions/runs/41"],
      1,
    ]);
  });

  test.each<Partial<LockOwner>>([
    { repository: "", run: "" },
    { repository: "org/shop/../../user" },
    { repository: "../shop" },
    { repository: "org/.." },
    { repository: "org/shop?x=" },
    { run: "41/jobs" },
    { run: "-" },
    { attempt: "" },
  ])("a holder that is no run of GitHub is not asked for: %j", async (change) => {
    expect([await ask(change), asked, notes.length]).toEqual([false, [], 1]);
  });

  test("a GitHub that cannot be reached, or a cancelled run, is not over", async () => {
    answerWith({});
    expect(await ask({}, AbortSignal.abort())).toBe(false);
    apiUrl = "http://127.0.0.1:1";
    expect(await ask()).toBe(false);
    apiUrl = "";
    expect([await ask(), notes.length]).toEqual([false, 3]);
  });
});
