import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret } from "@deploy/core";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { compareCommits } from "../src/index.ts";

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

async function compare(notes: string[] = []): Promise<unknown> {
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { token: new Secret("ghs_x"), note: (text: string) => void notes.push(text) };
  const ask = compareCommits(
    { apiUrl, repository: "org/shop" },
    { ...options, signal: new AbortController().signal },
  );
  return ask({ from: "a".repeat(40), to: "b".repeat(40) });
}

test("numbers, and the oldest new commit's first line", async () => {
  const commit = { message: "Votes\n\nMore of it.", author: { name: "Ada" } };
  answer = { status: 200, body: { ahead_by: 3, behind_by: 1, commits: [{ commit }] } };
  expect(await compare()).toEqual({ ahead: 3, behind: 1, first: { subject: "Votes", author: "Ada" } });
  const [path, token] = asked;
  expect(path).toBe(`/repos/org/shop/compare/${"a".repeat(40)}...${"b".repeat(40)}?per_page=1`);
  expect(token).toBe("token ghs_x");
});

test.each([
  ["no such commit", { status: 404, body: { message: "Not Found" } }, 1],
  ["no numbers", { status: 200, body: { ahead_by: "3" } }, 0],
  ["nothing", { status: 200, body: null }, 0],
])("%s: it is not known", async (_, said, noted) => {
  answer = said;
  const notes: string[] = [];
  expect([await compare(notes), notes.length]).toEqual([undefined, noted]);
});
