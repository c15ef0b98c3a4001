import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BundleSignal, type SshServer, until } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Job, openJob } from "./job.ts";

let job: Job;

beforeEach(async () => {
  job = await openJob();
});

afterEach(() => job.close());

const every = <T>(value: T): readonly T[] => [value, value, value];

/** What a re-run must come to, whatever the run before left: all new, swept, and free. */
async function expectConverged(old: string | undefined): Promise<void> {
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  const { fleet } = job;
  const [live] = fleet.live();
  expect(live).not.toBe(old);
  expect([fleet.live(), await fleet.served(), fleet.lock(), fleet.staging()]).toEqual([
    every(live),
    every(live),
    "-",
    every([]),
  ]);
  expect(fleet.servers.map((_, host) => fleet.state(host, live ?? ""))).toEqual(every("good"));
}

/** A first release, live everywhere; then a second one that no compression makes small. */
async function liveAndNext(): Promise<string | undefined> {
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  job.rerun("2");
  job.write({ "site/index.html": "two\n", "site/large.bin": randomBytes(3_000_000).toString("base64") });
  return job.fleet.live()[0];
}

/** From here on each host gets so much of the upload and no more. Resolves once each has begun with it. */
async function holdMidUpload(): Promise<void> {
  const { proxies, staging } = job.fleet;
  await Promise.all(proxies.map((proxy) => proxy.holdAfter(1_500_000, "toServer")));
  await until("a part on every host", () => staging().every((names) => names.length > 0));
}

test.each<readonly [string, "upload" | "deploy", NonNullable<BundleSignal["times"]>]>([
  ["the runner's own patience: ended by its own budget", "upload", {}],
  ["SIGTERM soon after SIGINT", "upload", { interrupt: 500, terminate: 2000 }],
  ["killed at once", "upload", { interrupt: 1, terminate: 1 }],
  ["killed at once, all in one step", "deploy", { interrupt: 1, terminate: 1 }],
])("cancelled mid-upload, %s: all old, and the next run converges", async (_, action, times) => {
  const old = await liveAndNext();
  const { fleet } = job;
  const held = holdMidUpload();
  const uploaded = await job.step(action, {}, { signals: [{ after: () => held, signal: "cancel", times }] });
  expect(uploaded.outputs.result === undefined || uploaded.outputs.result === "cancelled").toBe(true);
  expect(uploaded.code === 130 || uploaded.signal !== null).toBe(true);
  expect([fleet.live(), await fleet.served(), fleet.releases()]).toEqual([
    every(old),
    every(old),
    every([old]),
  ]);
  for (const proxy of fleet.proxies) {
    proxy.resume();
    proxy.reset();
  }
  expect((await job.post(action, uploaded)).code).toBe(0);
  expect(fleet.lock()).toBe("-");
  job.rerun("3");
  await expectConverged(old);
});

test("cancelled mid-upload: ends by itself, cancelled, with a summary", async () => {
  const old = await liveAndNext();
  const { fleet } = job;
  const held = holdMidUpload();
  const uploaded = await job.step("upload", {}, { signals: [{ after: () => held, signal: "SIGINT" }] });
  expect([uploaded.code, uploaded.outputs.result, fleet.live(), fleet.releases()]).toEqual([
    130,
    "cancelled",
    every(old),
    every([old]),
  ]);
  expect(uploaded.summary).toContain("ancelled");
  expect(fleet.lock()).toBe("octo/shop/4711");
  for (const proxy of fleet.proxies) proxy.resume();
  expect((await job.post("upload", uploaded)).code).toBe(0);
  expect(fleet.lock()).toBe("-");
  job.rerun("3");
  await expectConverged(old);
});

/** A run that vanished: no post, and the lock still names it. */
async function killed(
  action: string,
  inputs: Readonly<Record<string, string>>,
  after: () => Promise<unknown>,
) {
  const ran = await job.step(action, inputs, { signals: [{ after, signal: "SIGKILL" }] });
  expect([ran.code, ran.signal, ran.outputs, job.fleet.lock()]).toEqual([
    null,
    "SIGKILL",
    {},
    "octo/shop/4711",
  ]);
  job.rerun("3");
}

test("killed while requirements are installed: nothing is visible, and the next run converges", async () => {
  const old = await liveAndNext();
  const { fleet } = job;
  const begun = () => fleet.servers.every(({ root }) => existsSync(join(root, "begun")));
  const prepare = "touch ~/begun; until [ -e ~/go ]; do sleep 0.05; done";
  await killed("upload", { prepare }, () => until("the requirements", begun));
  for (const { root } of fleet.servers) writeFileSync(join(root, "go"), "");
  expect([fleet.live(), await fleet.served()]).toEqual([every(old), every(old)]);
  const [id = ""] = (fleet.releases()[0] ?? []).filter((name) => name !== old);
  expect(fleet.servers.map((_, host) => fleet.state(host, id))).toEqual(every("partial"));
  await expectConverged(old);
});

/** The link that is renamed at the word. */
const isArmed = ({ root }: SshServer) =>
  lstatSync(join(root, "shop/.deploy/current"), { throwIfNoEntry: false }) !== undefined;

test("killed while it switches, one host done and two not: the next run converges", async () => {
  const old = await liveAndNext();
  const { fleet } = job;
  const fresh = (await job.step("upload")).outputs.release;
  const [, ...others] = fleet.servers;
  const [, ...far] = fleet.proxies;
  // The leader is armed last, once the way of the word to the two others is shut.
  const arm = fleet.holdProgram(0, "ln");
  await killed("activate", {}, async () => {
    await until("two armed hosts", () => others.every(isArmed));
    for (const proxy of far) void proxy.holdAfter(0, "toServer");
    arm();
    await until("the leader's switch", () => fleet.live()[0] === fresh);
  });
  // What is still on its way to the two others never arrives.
  for (const proxy of far) proxy.reset();
  expect(fleet.live()).toEqual([fresh, old, old]);
  for (const proxy of far) proxy.resume();
  await expectConverged(old);
});

test("killed while health is asked: every host serves whole code, and the next run converges", async () => {
  const old = await liveAndNext();
  const { fleet } = job;
  // Without a reload the app goes on with the old code, and health is asked in vain until the end.
  const lazy = { reload: "" };
  const health = { url: "http://127.0.0.1:8080/up", within: "10m" };
  job.write({ ".github/deploy.yml": JSON.stringify({ app: "shop", activate: { health } }) });
  const fresh = (await job.step("upload", lazy)).outputs.release;
  const after = () => until("the switch", () => fleet.live().every((release) => release === fresh));
  await killed("activate", lazy, after);
  expect([fleet.live(), await fleet.served()]).toEqual([every(fresh), every(old)]);
  await expectConverged(old);
});
