import { Secret } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { compareCommits } from "../src/index.ts";
import { gitHubServer } from "./gitHubServer.ts";

const gitHub = gitHubServer();

async function compare(notes: string[] = []): Promise<unknown> {
  const apiUrl = gitHub.apiUrl();
  const options = { token: new Secret("ghs_x"), note: (text: string) => void notes.push(text) };
  const ask = compareCommits(
    { apiUrl, repository: "org/shop" },
    { ...options, signal: new AbortController().signal },
  );
  return ask({ from: "a".repeat(40), to: "b".repeat(40) });
}

test("numbers, and the oldest new commit's first line", async () => {
  const commit = { message: "Votes\n\nMore of it.", author: { name: "Ada" } };
  gitHub.answer = { status: 200, body: { ahead_by: 3, behind_by: 1, commits: [{ commit }] } };
  expect(await compare()).toEqual({ ahead: 3, behind: 1, first: { subject: "Votes", author: "Ada" } });
  const [path, token] = gitHub.asked;
  expect(path).toBe(`/repos/org/shop/compare/${"a".repeat(40)}...${"b".repeat(40)}?per_page=1`);
  expect(token).toBe("token ghs_x");
});

test.each([
  ["no such commit", { status: 404, body: { message: "Not Found" } }, 1],
  ["no numbers", { status: 200, body: { ahead_by: "3" } }, 0],
  ["nothing", { status: 200, body: null }, 0],
])("%s: it is not known", async (_, said, noted) => {
  gitHub.answer = said;
  const notes: string[] = [];
  expect([await compare(notes), notes.length]).toEqual([undefined, noted]);
});
