import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Fleet, type Job, openFleet } from "./job.ts";

/** A GitHub on loopback that remembers what was recorded. */
let server: Server;
let asked: { readonly path: string | undefined; readonly body: Record<string, unknown> }[] = [];
let status = 201;
let fleet: Fleet;
let job: Job;
let env: Record<string, string>;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    if (request.method === "POST") asked.push({ path: request.url, body: JSON.parse(text) });
    response.writeHead(status, { "content-type": "application/json" }).end('{"id":7}');
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  env = { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  fleet = await openFleet();
  job = fleet.job(2);
});
afterAll(async () => {
  await fleet.close();
  server.close();
});
beforeEach(() => {
  [asked, status] = [[], 201];
  job.next();
});
const given = { "github-token": "ghs_secret", "github-deployment": "true" };
const told = () => asked.map(({ body }) => body.state ?? `${body.task} ${body.ref}`);

test("deploys, then a rollback: each of the commit that is live then", async () => {
  const first = await job.step("deploy", given, env);
  const commit = String(asked[0]?.body.ref);
  expect([first.exitCode, told()]).toEqual([0, [`deploy ${commit}`, "success"]]);
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  job.write("site/page", "two\n");
  job.next();
  expect((await job.step("deploy", given, env)).exitCode).toBe(0);
  expect(asked[2]?.body.ref).not.toBe(commit);
  asked = [];
  job.next();
  const back = await job.step("rollback", given, env);
  expect([back.exitCode, told()]).toEqual([0, [`rollback ${commit}`, "success"]]);
  expect(asked[0]?.body.description).toMatch(/^rolled back from \S+ to \S+$/);
});

test("a run that failed is no success", async () => {
  job.write("site/page", "three\n");
  job.configure("activate: { reload: ['! grep -q three page'] }\n");
  const ran = await job.step("deploy", given, env);
  expect([ran.outputs.result, told().at(-1)]).toEqual(["reverted", "failure"]);
  job.configure();
});

test("what GitHub does not take is a warning, and the deploy stands; without the input nobody asks", async () => {
  status = 403;
  job.write("site/page", "four\n");
  const ran = await job.step("deploy", given, env);
  expect([ran.exitCode, ran.outputs.result]).toEqual([0, "deployed"]);
  expect(ran.log).toContain("(the token needs `deployments: write`)");
  asked = [];
  job.write("site/page", "five\n");
  job.next();
  expect((await job.step("deploy", { "github-token": "ghs_secret" }, env)).exitCode).toBe(0);
  expect(asked).toEqual([]);
});
