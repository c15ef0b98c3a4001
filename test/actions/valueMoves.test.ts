import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fakeTargetGroups } from "@deploy/testkit/servers";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { moveOf, nameIn } from "./steps.ts";

// As nextMoves, of one value that is another: a key, a name, a place.

// Each step is a process of its own.
process.env.BROWSERSLIST_DISABLE_CACHE = "1";

let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet();
});
afterAll(() => fleet.close());
beforeEach(() => {
  job = fleet.job();
});

const identity = "AGE-SECRET-KEY-1Y743NKWN5PSUQMF2XDV8J459096DQS9RJM7D4STCD0LMPJT94FKQAKPARW";
const recipient = "age1axhest3v89dpa93ffvlunr68gdqvxhaecwygprrfsfxm229jgvrs6xqtal";
/** Well written, and a point that nothing can be encrypted to. */
const mistaken = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z";

test("a backup is encrypted to what age-keygen prints, and opened with its private key", async () => {
  mkdirSync(job.at("shared/uploads"), { recursive: true });
  writeFileSync(job.at("shared/uploads/photo.jpg"), "a photo\n");
  job.configure(
    "shared: { directories: [uploads] }\nbackup: { database: files, paths: [uploads], store: backups, minimum-size: 1 }\n",
  );
  const move = moveOf(await job.step("backup", { "encrypt-to": mistaken }), "backup-recipient");
  expect(move).toMatch(/Give what `age-keygen` prints as public key \(age1…\)/);
  await job.works("backup", { "encrypt-to": recipient });
  const refused = moveOf(await job.step("restore"), "backup-key");
  expect(refused).toContain(recipient);
  await job.works("restore", { [nameIn(refused)]: identity });
});

test("a target group's delay is written down, and AWS lets these credentials ask", async () => {
  job = fleet.job(2);
  const targets = ["10.0.1.11", "10.0.1.12"].map((id) => ({ id, port: 8080 }));
  const groups = [{ name: "shop", port: 8080, delay: 1, targets }];
  const api = await fakeTargetGroups({ groups, initial: 50 });
  const pairs = targets.map(({ id }, index) => `'${fleet.servers[index]?.host.name}=${id}:8080'`);
  const keys = { "aws-access-key-id": "AKIA", "aws-secret-access-key": "x" };
  const pool = (delay: string) =>
    job.configure(
      `activate:\n  strategy: rolling\n  pool:\n    kind: target-group\n    groups: [shop]\n    region: eu-central-1\n    endpoint: '${api.url}'\n    targets: [${pairs}]\n    deregistration-delay: ${delay}\n`,
    );
  await job.deploy();
  pool("5s");
  job.write("site/page", "two\n");
  await job.works("upload", keys);
  const move = moveOf(await job.step("activate", keys), "pool-delay");
  expect(move).toMatch(/Write what it says to `pool.deregistration-delay`/);
  const [, delay = ""] = /of shop is (\d+)\s?s/.exec(move) ?? [];
  pool(`${delay}s`);
  job.next();
  await job.works("upload", keys);
  api.refuse("AccessDenied", 1, "DeregisterTargets");
  expect(moveOf(await job.step("activate", keys), "pool-denied")).toMatch(/Grant elasticload/);
  job.next();
  await job.deploy(keys);
  await api.close();
});

test("a cache that was not told is told by the same step again", async () => {
  let open = false;
  const asked: string[] = [];
  const cache = createServer((request, answer) => {
    asked.push(request.method ?? "");
    answer.writeHead(open ? 200 : 403).end();
  });
  await new Promise<void>((done) => cache.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(cache.address() as AddressInfo).port}/purge`;
  job.write("package.json", "{}\n");
  job.write("assets/app.css", "a { color: red }\n");
  job.write("assets/page.html", "<p>one</p>\n");
  job.configure("assets: { publish: cdn }\n");
  const publish = { cache: "false", "purge-url": url };
  await job.works("build-assets", { cache: "false" });
  job.write("assets/page.html", "<p>two</p>\n");
  const move = moveOf(await job.step("build-assets", publish), "purge-failed");
  expect(move).toMatch(/Run this step again: nothing is sent twice, only the purge is repeated/);
  open = true;
  await job.works("build-assets", publish);
  expect(asked.length).toBeGreaterThan(1);
  await new Promise((done) => cache.close(done));
});

test("a file below what is an object of a folder already is named otherwise", async () => {
  const at = (path: string) => join(job.workspace, "assets/.well-known", path);
  job.write("package.json", "{}\n");
  job.write("assets/.well-known/shop", "an app\n");
  job.configure("assets: { publish: cdn }\n");
  await job.works("build-assets", { cache: "false" });
  rmSync(at("shop"));
  job.write("assets/.well-known/shop/app", "an app\n");
  const move = moveOf(await job.step("build-assets", { cache: "false" }), "store-key");
  expect(move).toMatch(/Rename the file/);
  renameSync(at("shop"), at("shops"));
  await job.works("build-assets", { cache: "false" });
});
