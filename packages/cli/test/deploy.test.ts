import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Report } from "@deploy/core";
import { hostTree } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { repeatFlags } from "../src/options.ts";
import { migrationsOn, openShop, type Ran, type Shop } from "./shop.ts";

const one = ["--commit", "1111111111111111111111111111111111111111"];
const two = ["--commit", "2222222222222222222222222222222222222222"];

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

/** Deploys and returns the release that every server must serve now. */
async function release(page: string, commit: readonly string[]): Promise<string> {
  writeFileSync(join(shop.folder, "page"), page);
  const ran = await shop.deploy(["run", "--yes", "--json", ...commit]);
  const report = reportOf(ran);
  expect([ran.exitCode, report.result, report.changed]).toEqual([0, "deployed", true]);
  expect(shop.live()).toEqual([report.release, report.release, report.release]);
  return report.release;
}

/** The prepare command waits on every server until the function returned is called. */
function holdPrepare(): () => void {
  const files = shop.servers.map(({ root }) => join(root, "wait"));
  for (const file of files) writeFileSync(file, "");
  return () => {
    for (const file of files) rmSync(file);
  };
}

const isWritten = (file: string) => existsSync(file) && readFileSync(file, "utf8").endsWith("\n");

/** Until the prepare command runs on every server. */
async function preparing(): Promise<void> {
  for (const { root } of shop.servers) {
    while (!isWritten(join(root, "preparing"))) await new Promise((done) => setTimeout(done, 20));
  }
}

const reportOf = ({ out }: Ran): Report => JSON.parse(out) as Report;

/** All files of all servers; the app's own process id file and logs stay as they are anyway. */
const everything = () => shop.servers.map(({ root }) => hostTree(root, { mtime: true }));

test("deploy: everywhere the same, migrated once, excluded files absent; again: nothing to do", async () => {
  const id = await release("one\n", one);
  for (const { root } of shop.servers) {
    expect(readFileSync(join(root, "shop/current/page"), "utf8")).toBe("one\n");
    expect(existsSync(join(root, "shop/current/secrets"))).toBe(false);
  }
  expect(shop.servers.map(migrationsOn)).toEqual([1, 0, 0]);

  const again = await shop.deploy(["run", ...one, "--yes"]);
  expect([again.exitCode, shop.live()]).toEqual([0, [id, id, id]]);
  expect(again.out).toMatch(/nothing to do|nothing changes|already/i);
  expect(shop.servers.map(migrationsOn)).toEqual([1, 0, 0]);

  const forced = reportOf(await shop.deploy(["run", ...one, "--yes", "--json", "--force"]));
  expect([forced.result, forced.release === id, new Set(shop.live())]).toEqual([
    "deployed",
    false,
    new Set([forced.release]),
  ]);
  expect(forced.next.at(-1)).toBe(
    "deploy rollback --environment production --identity-file secrets/key --known-hosts secrets/pins",
  );
});

test("what is shown as the next command says what this one was told, for a shell", () => {
  const said = { config: "it's here.yml", jumpHost: "jump@bastion:2222", json: false, verbose: false };
  expect(repeatFlags("deploy status", said)).toBe(
    "deploy status --config 'it'\\''s here.yml' --jump-host jump@bastion:2222",
  );
  const usual = { config: ".github/deploy.yml", json: false, verbose: false };
  expect(["deploy status", "Look at it."].map((move) => repeatFlags(move, usual))).toEqual([
    "deploy status",
    "Look at it.",
  ]);
});

test("a commit that is old, built again with other content of the same size, is newer than all before it", async () => {
  const config = join(shop.folder, ".github/deploy.yml");
  const text = readFileSync(config, "utf8");
  writeFileSync(config, text.replace("prepare: [", "prepare: ['cp -u page ~/copied', "));
  const timeOf = async (page: string): Promise<number> => {
    writeFileSync(join(shop.folder, "page"), page);
    const env = { SOURCE_DATE_EPOCH: "1500000000" };
    expect((await shop.deploy(["run", "--yes", ...one], { env })).exitCode).toBe(0);
    expect(shop.servers.map(({ root }) => readFileSync(join(root, "copied"), "utf8"))).toEqual([
      page,
      page,
      page,
    ]);
    const times = new Set(shop.servers.map(({ root }) => statSync(join(root, "shop/current/page")).mtimeMs));
    expect(times.size).toBe(1);
    return [...times][0] ?? 0;
  };
  const before = await timeOf("one\n");
  expect(await timeOf("two\n")).toBeGreaterThan(before);
});

test("health fails on one server: all three go back, exit code 3, the report names it", async () => {
  const id = await release("one\n", one);
  const { root, host } = shop.servers[1];
  writeFileSync(join(root, "broken"), "");
  writeFileSync(join(shop.folder, "page"), "two\n");
  const ran = await shop.deploy(["run", "--yes", ...two]);
  expect(ran.out).toContain("REVERTED");
  expect([ran.exitCode, shop.live()]).toEqual([3, [id, id, id]]);
  expect(ran.out).toMatch(new RegExp(`${host.name} .*503`));
});

test("rollback: to the one before, and to one by name", async () => {
  const first = await release("one\n", one);
  const second = await release("two\n", two);
  const third = await release("three\n", ["--commit", "3".repeat(40)]);
  expect((await shop.deploy(["rollback", "--yes"])).exitCode).toBe(0);
  expect(shop.live()).toEqual([second, second, second]);
  expect((await shop.deploy(["rollback", first, "--yes"])).exitCode).toBe(0);
  expect(shop.live()).toEqual([first, first, first]);

  const refused = await shop.deploy(["rollback", third, "--yes"]);
  expect([refused.exitCode, shop.live()]).toEqual([1, [first, first, first]]);
  const unknown = await shop.deploy(["rollback", "$(touch ~/pwned)", "--yes"]);
  expect([unknown.exitCode, shop.live()]).toEqual([1, [first, first, first]]);
  expect(shop.servers.map(({ root }) => existsSync(join(root, "pwned")))).toEqual([false, false, false]);
  expect(shop.servers.map(migrationsOn)).toEqual([3, 0, 0]);
});

test("one host key differs: nothing is touched anywhere", async () => {
  const pins = join(shop.folder, "secrets/pins");
  const [line1 = "", line2 = "", line3 = ""] = readFileSync(pins, "utf8").trim().split("\n");
  const otherKey = line1.split(" ").slice(1).join(" ");
  writeFileSync(pins, [line1, `${line2.split(" ")[0]} ${otherKey}`, line3, ""].join("\n"));
  const before = everything();
  const ran = await shop.deploy(["run", "--yes", ...one]);
  expect([ran.exitCode, everything()]).toEqual([1, before]);
  expect(ran.out + ran.err).toContain("host-key-mismatch");
  expect(ran.out + ran.err).toContain(shop.servers[1].host.name);
});

test("one server is down: nothing is touched on the others, and status says 4", async () => {
  await shop.servers[2].close();
  const before = everything();
  const ran = await shop.deploy(["run", "--yes", ...one]);
  expect([ran.exitCode, everything()]).toEqual([1, before]);
  expect(ran.out + ran.err).toContain("connect-refused");
  expect((await shop.deploy(["status"])).exitCode).toBe(4);
});

test("what is known of the files is kept for the next time, and in a job nothing is", async () => {
  const env = { XDG_CACHE_HOME: join(shop.folder, "../caches") };
  const packed = join(env.XDG_CACHE_HOME, "deploy/packed");
  await shop.deploy(["plan", ...one], { env: { ...env, CI: "true" } });
  expect(existsSync(packed)).toBe(false);
  for (const whole of [[], ["--whole"]])
    expect((await shop.deploy(["plan", ...one, ...whole], { env })).exitCode).toBe(0);
  const [folder = "", ...others] = readdirSync(packed);
  // Of files as young as these nothing is believed, and on a slow machine they are old when they are read.
  const kept = readdirSync(join(packed, folder)).filter((name) => name !== "index.json");
  expect([others, kept]).toEqual([[], ["clock"]]);
});

test("plan and --dry-run write nothing", async () => {
  const before = everything();
  const planned = await shop.deploy(["plan", "--json", ...one]);
  const plan = JSON.parse(planned.out) as Plan;
  expect([planned.exitCode, plan.kind, plan.changed, plan.problems]).toEqual([0, "deploy", true, []]);
  const dry = await shop.deploy(["run", "--dry-run", "--json", ...one]);
  expect([dry.exitCode, reportOf(dry).dryRun]).toEqual([0, true]);
  expect(everything()).toEqual(before);
});

test("a dry run of a rollback writes nothing", async () => {
  await release("one\n", one);
  await release("two\n", two);
  const before = everything();
  const dry = await shop.deploy(["rollback", "--dry-run"]);
  expect(dry.out).toMatch(/ commits since 2222222 · live for \S+ \S+ · 1 of 1 file changes\n/);
  expect([dry.exitCode, everything()]).toEqual([0, before]);
});

test("a person is shown the plan and asked: no changes nothing, yes deploys", async () => {
  const before = everything();
  const no = await shop.deploy(["run", ...one], { typed: "n\n" });
  expect([no.exitCode, everything()]).toEqual([130, before]);
  expect(no.out).toContain("to production · shop\n");
  expect(no.err).toContain("Deploy this? [y/N] Cancelled; nothing was changed.");
  const yes = await shop.deploy(["run", ...one], { typed: "y\n" });
  expect([yes.exitCode, new Set(shop.live()).size, shop.live()[0]]).toEqual([0, 1, expect.any(String)]);
});

test("status: 0 when all serve the same, 4 when they differ", async () => {
  const first = await release("one\n", one);
  const second = await release("two\n", two);
  const same = await shop.deploy(["status", "--json"]);
  expect([same.exitCode, JSON.parse(same.out)]).toEqual([
    0,
    expect.objectContaining({ app: "shop", environment: "production", exitCode: 0 }),
  ]);
  const current = join(shop.servers[0].root, "shop/current");
  rmSync(current);
  symlinkSync(`releases/${first}`, current);
  const mixed = await shop.deploy(["status"]);
  expect([mixed.exitCode, mixed.out.includes(first), mixed.out.includes(second)]).toEqual([4, true, true]);
});

test("two at once: the second is told who deploys, exit code 5; the first is not disturbed", async () => {
  const letGo = holdPrepare();
  const first = shop.deploy(["run", "--yes", "--json", ...one]);
  await preparing();
  writeFileSync(join(shop.folder, "page"), "two\n");
  const second = await shop.deploy(["run", "--yes", "--json", ...two]);
  letGo();
  expect([second.exitCode, (await first).exitCode]).toEqual([5, 0]);
  const { release: id } = reportOf(await first);
  expect(shop.live()).toEqual([id, id, id]);
});

test("cancelled before it began: exit code 130, nothing touched", async () => {
  const before = everything();
  const ran = await shop.deploy(["run", "--yes", ...one], { signal: AbortSignal.abort() });
  expect([ran.exitCode, everything()]).toEqual([130, before]);
});

test("cancelled in the middle of prepare: nobody switched, no command goes on, and the next run does", async () => {
  const letGo = holdPrepare();
  const controller = new AbortController();
  const running = shop.deploy(["run", "--yes", ...one], { signal: controller.signal });
  await preparing();
  controller.abort();
  const ran = await running;
  const processes = shop.servers.map(({ root }) => readFileSync(join(root, "preparing"), "utf8").trim());
  const left = processes.filter((pid) => existsSync(`/proc/${pid}`));
  letGo();
  expect([ran.exitCode, shop.live(), left]).toEqual([130, [null, null, null], []]);
  await release("one\n", one);
});

test("the private key and the passphrase are in no output", async () => {
  const ran = await shop.deploy(["run", "--yes", "--verbose", "--json", ...one]);
  const key = readFileSync(join(shop.folder, "secrets/key"), "utf8").split("\n")[1] ?? "";
  expect([key.length > 20, (ran.out + ran.err).includes(key)]).toEqual([true, false]);
});
