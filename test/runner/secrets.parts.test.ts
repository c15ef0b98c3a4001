import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BundleRan } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readFiles } from "./files.ts";
import { passphrase } from "./fleet.ts";
import { type Job, openJob } from "./job.ts";
import { findLeaks, type Places, withoutMasks } from "./leaks.ts";

const database = "postgres://shop:h%40rd 2 gu&ss@db/shop?x=1";
const migrate = 'echo "connecting to $DATABASE_URL"';
let job: Job;

beforeEach(async () => {
  job = await openJob();
  job.write({
    ".github/deploy.yml": JSON.stringify({ app: "shop", migrate: { run: migrate, "env-file": ".env" } }),
  });
});

afterEach(() => job.close());

/** What only we know must not be printed at all. What GitHub knows, too, it masks in all that people see. */
function leaksOf(ran: Readonly<Record<string, BundleRan>>): readonly string[] {
  const ours = { key: job.fleet.key, passphrase };
  const raw: Record<string, string> = {};
  const seen: Record<string, string> = {};
  for (const [step, { raw: printed, log, summary, outputs, state, annotations }] of Object.entries(ran)) {
    raw[`${step}: raw`] = withoutMasks(printed);
    raw[`${step}: outputs and state`] = Object.values({ ...outputs, ...state }).join("\n");
    seen[`${step}: log`] = log;
    seen[`${step}: summary`] = summary;
    seen[`${step}: annotations`] = annotations.map(({ message }) => message).join("\n");
  }
  const left: Places = {
    ...readFiles(job.temp),
    hosts: job.fleet.servers.map(({ root }) => journalOf(root)).join(),
  };
  return [...findLeaks(ours, { ...raw, ...seen, ...left }), ...findLeaks({ database }, { ...seen, ...left })];
}

/** What lies on a host, but for the secret's own file and the log of the job that printed it: 0600, in a 0700 folder. */
function journalOf(root: string): string {
  return Object.entries(readFiles(join(root, "shop")))
    .filter(([path]) => path !== "shared/.env" && !/^\.deploy\/jobs\/[^/]+\/out$/.test(path))
    .map(([, text]) => text)
    .join("\n");
}

const secrets = () => ({ secrets: [database, job.fleet.key, passphrase] });

/** A deploy whose migration prints its database's address. */
async function deploy(): Promise<Record<string, BundleRan>> {
  const plan = await job.step("plan", { upload: "false" }, secrets());
  const upload = await job.step("upload", {}, secrets());
  for (const { root } of job.fleet.servers) {
    writeFileSync(join(root, "shop/shared/.env"), `DATABASE_URL="${database}"\n`);
  }
  const migrated = await job.step("migrate", {}, secrets());
  expect(migrated.log).toContain("connecting to ***");
  return { plan, upload, migrate: migrated, activate: await job.step("activate", {}, secrets()) };
}

test("what is searched for is found where it is", () => {
  const coded = Buffer.from(`xy${job.fleet.key.split("\n")[2]}`).toString("base64");
  const places = { one: encodeURIComponent(passphrase), two: coded, three: `${database} `, four: "none" };
  expect(findLeaks({ key: job.fleet.key, passphrase, database }, places)).toEqual([
    "key in two",
    "passphrase in one",
    "database in three",
  ]);
});

test("a deploy and a rollback that go well tell no secret", async () => {
  const first = await deploy();
  const post = await job.post("upload", first.upload as BundleRan);
  job.write({ "site/index.html": "two\n" });
  await job.step("upload");
  await job.step("activate");
  const rollback = await job.step("rollback", {}, secrets());
  expect([rollback.outputs.result, leaksOf({ ...first, post, rollback })]).toEqual(["deployed", []]);
});

test.each([
  ["a health check that fails", { "health-url": "http://127.0.0.1:1/up" }],
  ["a wrong passphrase", { "ssh-passphrase": `${passphrase}2` }],
  ["no passphrase", { "ssh-passphrase": "" }],
  [
    "a key that is cut",
    { "ssh-private-key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n" },
  ],
])("%s tells no secret", async (_, inputs) => {
  job.write({
    ".github/deploy.yml": JSON.stringify({
      app: "shop",
      activate: { health: { url: "http://127.0.0.1:1/up", within: "300ms", interval: "100ms" } },
    }),
  });
  const upload = await job.step("upload", inputs, secrets());
  const activate = await job.step("activate", inputs, secrets());
  const post = await job.post("upload", upload, inputs);
  expect([activate.code, leaksOf({ upload, activate, post })]).toEqual([1, []]);
});

test("a cancelled upload tells no secret, killed or not", async () => {
  const begun = { prepare: "echo begun; until [ -e ~/go ]; do sleep 0.05; done" };
  const ran: Record<string, BundleRan> = {};
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    const signals = [
      { after: (running: { until(text: RegExp): Promise<unknown> }) => running.until(/\| begun/), signal },
    ];
    ran[signal] = await job.step("upload", begun, { ...secrets(), signals });
    ran[`post of ${signal}`] = await job.post("upload", ran[signal], begun);
  }
  expect([ran.SIGINT?.code, ran.SIGKILL?.signal, leaksOf(ran)]).toEqual([130, "SIGKILL", []]);
});
