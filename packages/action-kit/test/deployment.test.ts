import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Report, type Result, Secret } from "@deploy/core";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { recordDeployment } from "../src/index.ts";

/** A GitHub on loopback: it answers as told, and remembers what it was told. */
let server: Server;
let apiUrl: string;
let asked: {
  readonly line: string;
  readonly token: string | undefined;
  readonly body: Record<string, unknown>;
}[];
let answers: { readonly status: number; readonly body: string }[];
let warned: string[];

beforeEach(async () => {
  [asked, warned] = [[], []];
  answers = [
    { status: 201, body: '{"id":7}' },
    { status: 201, body: "{}" },
  ];
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    asked.push({ line: `${request.method} ${request.url}`, token: request.headers.authorization, body });
    const { status, body: said } = answers.shift() ?? { status: 500, body: "{}" };
    response.writeHead(status, { "content-type": "application/json" }).end(said);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((done) => void server.close(done)));

const commit = "4f2a91c0".repeat(5);
const runUrl = "https://github.com/org/shop/actions/runs/41/attempts/1";
const report = (changes: Partial<Report> = {}) =>
  ({
    ...{ result: "deployed", kind: "deploy", dryRun: false, changed: true, environment: "production" },
    ...{ release: "20261121T084450Z-4f2a91c", previous: "20261120T084450Z-11aa22b" },
    ...{ headline: "4f2a91c is live on 3 hosts of production", url: "https://shop.example.com" },
    ...changes,
  }) as Report;
const record = (changes: Partial<Report> = {}, more: object = {}) =>
  recordDeployment(report(changes), {
    ...{ github: { apiUrl, repository: "org/shop", runUrl }, token: new Secret("ghs_secret\n"), commit },
    ...{
      transient: false,
      warn: (text: string) => void warned.push(text),
      signal: new AbortController().signal,
    },
    ...more,
  });

test("a deploy is a deployment of its commit, with our sentence, log and address", async () => {
  await record();
  expect(asked).toEqual([
    {
      ...{ line: "POST /repos/org/shop/deployments", token: "token ghs_secret" },
      body: {
        ...{
          ref: commit,
          environment: "production",
          task: "deploy",
          auto_merge: false,
          required_contexts: [],
        },
        ...{ transient_environment: false, description: "4f2a91c is live on 3 hosts of production" },
        payload: {
          ...{
            release: "20261121T084450Z-4f2a91c",
            previous: "20261120T084450Z-11aa22b",
            result: "deployed",
          },
        },
      },
    },
    {
      ...{ line: "POST /repos/org/shop/deployments/7/statuses", token: "token ghs_secret" },
      body: {
        ...{ state: "success", description: "4f2a91c is live on 3 hosts of production" },
        ...{ log_url: runUrl, environment_url: "https://shop.example.com" },
      },
    },
  ]);
  expect(warned).toEqual([]);
});

test("a rollback is recorded as what it is", async () => {
  await record({ kind: "rollback", release: "r1", previous: "r2" });
  expect(asked[0]?.body).toMatchObject({
    task: "rollback",
    description: "rolled back from r2 to r1",
    ref: commit,
  });
});

test.each<[Result, string | undefined]>([
  ["reverted", "failure"],
  ["failed", "failure"],
  ["attention", "error"],
  ["held", "pending"],
  ["prepared", undefined],
  ["planned", undefined],
  ["locked", undefined],
  ["cancelled", undefined],
])("%s is %s", async (result, state) => {
  await record({ result, changed: result === "deployed" });
  expect(asked.at(-1)?.body.state).toBe(state);
});

test("nothing changed, or a dry run, is no deployment", async () => {
  await record({ changed: false });
  await record({ dryRun: true });
  expect([asked, warned]).toEqual([[], []]);
});

test("a long sentence is cut to what GitHub takes, by characters", async () => {
  await record({ headline: "🚀".repeat(141) });
  expect([...String(asked[1]?.body.description)]).toHaveLength(140);
});

test.each([
  ["without a token", { token: undefined }, "no `github-token` was given"],
  ["without a commit", { commit: "" }, "its commit is not known"],
  [
    "with a name that is no repository",
    { github: { apiUrl: "http://127.0.0.1:1", repository: "../x/y", runUrl } },
    "this is no run of GitHub",
  ],
] as const)("%s it says so, and asks nobody", async (_, more, why) => {
  await record({}, more);
  expect([asked, warned]).toEqual([[], [`The run is not recorded as a deployment of GitHub: ${why}.`]]);
});

test.each([
  ["may not", [{ status: 403, body: "{}" }], "GitHub answered 403 (the token needs `deployments: write`)"],
  ["conflict", [{ status: 409, body: "{}" }], "GitHub answered 409"],
  ["merged instead", [{ status: 202, body: '{"message":"merged"}' }], "GitHub's answer names no deployment"],
  [
    "no status",
    [
      { status: 201, body: '{"id":7}' },
      { status: 500, body: "{}" },
    ],
    "GitHub answered 500",
  ],
])("GitHub says no (%s): said, and nothing thrown", async (_, given, why) => {
  answers = given;
  await record();
  expect(warned).toEqual([`The run is not recorded as a deployment of GitHub: ${why}.`]);
});
