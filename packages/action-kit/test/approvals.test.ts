import { Secret } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { runApprovals } from "../src/approvals.ts";
import { gitHubServer } from "./gitHubServer.ts";

const gitHub = gitHubServer();

function ask(notes: string[] = []) {
  const apiUrl = gitHub.apiUrl();
  const github = { apiUrl, repository: "org/shop", runId: "4711" };
  return runApprovals(github, { token: new Secret("ghs_x"), note: (text) => void notes.push(text) })();
}

test("who approved, for which environments, and what they said; texts alone", async () => {
  const environments = [{ name: "production", id: 1 }];
  const body = [
    { state: "approved", comment: "go", user: { login: "grace" }, environments },
    { state: 7, comment: null, user: null, environments: "production" },
  ];
  gitHub.answer = { status: 200, body };
  expect(await ask()).toEqual([
    { by: "grace", state: "approved", environments: ["production"], comment: "go" },
    { by: "", state: "", environments: [], comment: "" },
  ]);
  expect(gitHub.asked).toEqual(["/repos/org/shop/actions/runs/4711/approvals", "token ghs_x"]);
});

test("nobody was asked is another answer than nobody can say", async () => {
  gitHub.answer = { status: 200, body: [] };
  expect(await ask()).toEqual([]);
  for (const said of [
    { status: 403, body: { message: "Resource not accessible" } },
    { status: 200, body: {} },
  ]) {
    gitHub.answer = said;
    const notes: string[] = [];
    expect([await ask(notes), notes]).toEqual([
      undefined,
      [expect.stringContaining("Who approved this run is not known: ")],
    ]);
  }
});
