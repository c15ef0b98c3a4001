import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret } from "@deploy/core";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { runApprovals } from "../src/approvals.ts";

/** A GitHub on loopback: it answers as told, and remembers what it was asked. */
let server: Server;
let asked: (string | undefined)[];
let answer: { readonly status: number; readonly body: unknown };

beforeEach(async () => {
  asked = [];
  server = createServer(({ url, headers }, response) => {
    asked.push(url, headers.authorization);
    const type = { "content-type": "application/json; charset=utf-8" };
    response.writeHead(answer.status, type).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(() => new Promise((done) => void server.close(done)));

function ask(notes: string[] = []) {
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github = { apiUrl, repository: "org/shop", runId: "4711" };
  return runApprovals(github, { token: new Secret("ghs_x"), note: (text) => void notes.push(text) })();
}

test("who approved, for which environments, and what they said; texts alone", async () => {
  const environments = [{ name: "production", id: 1 }];
  const body = [
    { state: "approved", comment: "go", user: { login: "grace" }, environments },
    { state: 7, comment: null, user: null, environments: "production" },
  ];
  answer = { status: 200, body };
  expect(await ask()).toEqual([
    { by: "grace", state: "approved", environments: ["production"], comment: "go" },
    { by: "", state: "", environments: [], comment: "" },
  ]);
  expect(asked).toEqual(["/repos/org/shop/actions/runs/4711/approvals", "token ghs_x"]);
});

test("nobody was asked is another answer than nobody can say", async () => {
  answer = { status: 200, body: [] };
  expect(await ask()).toEqual([]);
  for (const said of [
    { status: 403, body: { message: "Resource not accessible" } },
    { status: 200, body: {} },
  ]) {
    answer = said;
    const notes: string[] = [];
    expect([await ask(notes), notes]).toEqual([
      undefined,
      [expect.stringContaining("Who approved this run is not known: ")],
    ]);
  }
});
