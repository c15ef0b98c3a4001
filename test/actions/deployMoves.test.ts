import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { inputIn, moveOf } from "./steps.ts";

// As nextMoves, of steps that reach the servers.

let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet();
});
afterAll(() => fleet.close());
beforeEach(() => {
  job = fleet.job();
});

/** A command for the host, run there as its user. */
function onHost(command: string): void {
  const ran = spawnSync("sh", ["-c", command], { env: { ...process.env, HOME: fleet.servers[0].root } });
  expect([command, ran.status, String(ran.stderr)]).toEqual([command, 0, ""]);
}

test("credentials are left out by the patterns that are shown, or allowed by name", async () => {
  job.write("site/own.pem", "-----BEGIN PRIVATE KEY-----\n");
  const move = moveOf(await job.step("pack", { "dry-run": "true" }), "credentials-found");
  job.configure(`${/`(exclude: \[.+?\])`/.exec(move)?.[1]}\n`);
  await job.works("pack", { "dry-run": "true" });
  job.configure(`${/`(allow-[a-z]+)`/.exec(move)?.[1]}: [own.pem]\n`);
  await job.works("pack", { "dry-run": "true" });
});

test("what an earlier step was to leave is made by the step that is named", async () => {
  expect(moveOf(await job.step("migrate"), "release-unknown")).toMatch(/^.*Run the upload step before it/);
  await job.works("pack", { "dry-run": "true" });
  const packed = () => readdirSync(job.temporary()).filter((name) => name.startsWith("deploy-packed-"));
  writeFileSync(join(job.temporary(), packed()[0] ?? "", "artifact.json"), "{");
  expect(moveOf(await job.step("upload"), "artifact-damaged")).toContain("run the pack step again");
  await job.works("pack", { "dry-run": "true" });
  for (const name of packed()) rmSync(join(job.temporary(), name), { recursive: true });
  expect(moveOf(await job.step("upload"), "artifact-missing")).toContain("Run the pack step");
  await job.works("pack", { "dry-run": "true" });
  await job.works("upload");
  await job.works("migrate");
});

test("a plan that is no longer true is made and approved anew; one that cannot be read is given unchanged", async () => {
  const plan = async () => (await job.works("plan")).outputs;
  const old = await plan();
  const approved = (outputs: Readonly<Record<string, string>>) => ({
    plan: outputs["plan-file"] ?? "",
    "plan-digest": outputs["plan-digest"] ?? "",
  });
  job.write("site/page", "two\n");
  expect(moveOf(await job.step("upload", approved(old)), "plan-changed")).toContain("Plan again");
  const fresh = approved(await plan());
  const text = readFileSync(fresh.plan, "utf8");
  writeFileSync(fresh.plan, "{");
  expect(moveOf(await job.step("upload", fresh), "plan-invalid")).toContain("unchanged");
  writeFileSync(fresh.plan, text);
  await job.works("upload", fresh);
});

test("in one job nothing needs an artifact service: what pack keeps there is planned, uploaded and served", async () => {
  const { outputs } = await job.works("pack");
  expect([outputs["artifact-id"], outputs.result]).toEqual(["", "prepared"]);
  job.write("site/page", "changed after packing\n");
  const planned = (await job.works("plan")).outputs;
  await job.works("upload", {
    plan: planned["plan-file"] ?? "",
    "plan-digest": planned["plan-digest"] ?? "",
  });
  await job.works("activate");
  expect(readFileSync(job.at("current/page"), "utf8")).toBe("one\n");
});

test("without reviewers: a second run carries out the plan that was read in the first, or says what it is now", async () => {
  const { release = "", "plan-digest": digest = "" } = (await job.works("plan")).outputs;
  job.next();
  const again = await job.works("plan", { release, "plan-digest": digest });
  expect([again.outputs.release, again.outputs["plan-digest"]]).toEqual([release, digest]);
  await job.works("upload", { plan: again.outputs["plan-file"] ?? "", "plan-digest": digest });
  await job.works("activate");
  expect(job.live()).toEqual([release]);
  job.next();
  job.write("site/page", "two\n");
  const read = (await job.works("plan")).outputs;
  job.next();
  job.write("site/page", "three\n");
  const named = { release: read.release ?? "", "plan-digest": read["plan-digest"] ?? "" };
  const changed = await job.step("plan", named);
  expect(moveOf(changed, "plan-changed")).toContain(named["plan-digest"]);
  expect(changed.outputs["plan-digest"]).not.toBe(named["plan-digest"]);
  expect(changed.outputs["plan-artifact-id"]).toBe("");
});

test.each(["current-not-a-link", "current-dangling", "current-foreign"] as const)(
  "%s: the command that is shown, run there, clears the way",
  async (code) => {
    const current = job.at("current");
    mkdirSync(job.at(""), { recursive: true });
    if (code === "current-not-a-link") mkdirSync(current);
    else symlinkSync(code === "current-foreign" ? "/tmp" : "releases/gone", current);
    const move = moveOf(await job.step("plan"), code);
    onHost(/: ((?:mv|rm) .+)$/.exec(move)?.[1] ?? "");
    await job.works("plan");
  },
);

test("a shared file that is missing is made by the command that is shown", async () => {
  job.configure("shared: { files: [.env] }\n");
  job.write("bin/ssh", '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n');
  const move = moveOf(await job.step("upload"), "shared-missing");
  job.write(".env", "A=1\n");
  chmodSync(join(job.workspace, "bin/ssh"), 0o755);
  onHost(`cd ${job.workspace} && PATH=${job.workspace}/bin:$PATH && ${/(ssh .+)$/.exec(move)?.[1]}`);
  await job.works("upload");
});

test.each(["state", "adopted", "frozen"])(
  "a lock's file that cannot be read (%s) is mended by the action that is named",
  async (file) => {
    await job.deploy();
    writeFileSync(job.at(`.deploy/lock/${file}`), "?\n");
    job.write("site/page", "two\n");
    const move = moveOf(await job.step("upload"), "lock-corrupt");
    const [, action = ""] = /the action ([a-z]+)/.exec(move) ?? [];
    await job.works(action, inputIn(move));
    await job.works("upload");
  },
);

test.each(["release-name", "release-mixed", "release-bad"] as const)(
  "%s: planned again without the id of an earlier plan, it is made",
  async (code) => {
    const release = await job.deploy();
    const record = job.at(`.deploy/releases/${release}.json`);
    if (code === "release-bad")
      writeFileSync(record, readFileSync(record, "utf8").replace('"good"', '"bad"'));
    if (code === "release-mixed") job.write("site/page", "two\n");
    const named = { release: code === "release-name" ? "x" : release };
    expect(moveOf(await job.step("upload", named), code)).toMatch(/give no `release`|or none/);
    const { outputs } = await job.works("upload");
    expect(outputs.release === release).toBe(code === "release-name"); // that one is still live and good
  },
);

test("a record that cannot be read is moved aside by the command that is shown", async () => {
  const release = await job.deploy();
  writeFileSync(job.at(`.deploy/releases/${release}.json`), "{");
  job.write("site/page", "two\n");
  onHost(/: (mv .+)$/.exec(moveOf(await job.step("upload"), "state-version"))?.[1] ?? "");
  await job.works("upload");
});

test("two hosts with one folder get a folder each", async () => {
  job = fleet.job(2);
  const move = moveOf(await job.step("plan", { "deploy-to": job.at("one") }), "deploy-to-shared");
  expect(move).toMatch(/a folder of its own/);
  await job.works("plan");
});

test("an environment file is made where it is missed, and mended at the line that is named", async () => {
  job.configure("migrate: { run: 'true', env-file: .env }\n");
  await job.works("upload");
  const missing = await job.step("migrate");
  const [, file = ""] = /there is no file (\S+)\. Create it/.exec(moveOf(missing, "env-file-missing")) ?? [];
  writeFileSync(file, "A=1\nB=$NOWHERE\n");
  const move = moveOf(await job.step("migrate"), "env-file-malformed");
  const line = Number(/line (\d+) of/.exec(move)?.[1]) - 1;
  const lines = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, lines.with(line, `${lines[line]?.replace("=", "='")}'`).join("\n"));
  await job.works("migrate");
});

test("a command that fails is told with its output in the log, and mended", async () => {
  job.configure("prepare: ['echo no such thing; exit 3']\n");
  const ran = await job.step("upload");
  expect(moveOf(ran, "command-failed")).toMatch(/Its output is in the log/);
  expect(ran.log).toMatch(/web1|127\.0\.0\.1.*no such thing/);
  job.configure("prepare: ['true']\n");
  await job.works("upload");
});

test("what is shared is taken out of the release, and no command replaces its link", async () => {
  job.configure("shared: { directories: [page/x] }\n");
  expect(moveOf(await job.step("upload"), "shared-collision")).toMatch(/out of `shared`/);
  const shared = "shared: { directories: [uploads] }\n";
  job.configure(`${shared}prepare: [rm uploads, mkdir uploads]\n`);
  expect(moveOf(await job.step("upload"), "shared-replaced")).toMatch(/write below the link/);
  job.configure(`${shared}prepare: [touch uploads/x]\n`);
  job.write("site/page", "two\n");
  await job.deploy();
});

test("there is something to reconcile with after a deploy, and with the files of that release", async () => {
  job = fleet.job(2);
  expect(moveOf(await job.step("reconcile"), "reconcile-release")).toMatch(/Deploy a commit/);
  const release = await job.deploy();
  await job.works("reconcile");
  rmSync(job.bases[1] ?? "", { recursive: true });
  job.write("site/page", "two\n");
  expect(moveOf(await job.step("reconcile"), "reconcile-artifact")).toMatch(/\bcommit\b/);
  job.write("site/page", "one\n");
  await job.works("reconcile");
  expect(job.live()).toEqual([release, release]);
});

test("a rollback without a release comes after a deploy, and goes to one that is possible", async () => {
  expect(moveOf(await job.step("rollback"), "nothing-live")).toContain("Deploy first");
  const first = await job.deploy();
  job.write("site/page", "two\n");
  await job.deploy();
  const move = moveOf(await job.step("rollback", { to: "nowhere" }), "rollback-target");
  await job.works("rollback", { to: /Possible: (\S+?)[.,]/.exec(move)?.[1] ?? "" });
  expect(job.live()).toEqual([first]);
});

test("a host that is dead is left out by the input that is named", async () => {
  job = fleet.job(2);
  await job.deploy();
  job.write("site/page", "two\n");
  const file = join(job.workspace, ".github/deploy.yml");
  const gone = readFileSync(file, "utf8").replace(`:${fleet.servers[1].port}"`, ':1"');
  writeFileSync(file, gone);
  const refused = await job.step("upload");
  const without = inputIn(moveOf(refused, "connect-refused"));
  await job.deploy(without);
});

test("a lock is taken, and a freeze ended, by the action that is named", async () => {
  await job.deploy();
  const state = job.at(".deploy/lock/state");
  const expiry = Math.floor(Date.now() / 1000) + 600;
  writeFileSync(state, `1 40 ${expiry} org/other/41 org/other 41 1 ann abc migrate\n`);
  job.write("site/page", "two\n");
  const move = moveOf(await job.step("upload"), "locked");
  const [, action = ""] = /the action ([a-z]+)/.exec(move) ?? [];
  await job.works(action, inputIn(move));
  await job.works("upload");
  job.next();
  expect((await job.desk("deploy unlock", "--yes")).exitCode).toBe(0);
  expect((await job.desk("deploy freeze", "stock taking")).exitCode).toBe(0);
  job.write("site/page", "three\n");
  const frozen = moveOf(await job.step("upload"), "frozen");
  const [, ends = ""] = /the action ([a-z]+)/.exec(frozen) ?? [];
  await job.works(ends, inputIn(frozen));
  await job.works("upload");
});

test("a folder of another is taken over by the input that is named", async () => {
  await job.deploy();
  const file = join(job.workspace, ".github/deploy.yml");
  writeFileSync(file, readFileSync(file, "utf8").replace("app: shop", "app: store"));
  job.write("site/page", "two\n");
  const over = inputIn(moveOf(await job.step("plan"), "deploy-to-taken"));
  await job.works("upload", over);
});

const failing = "migrate: 'echo bad; [ -e ~/go ] || exit 3; echo ran >>migrations'\n";

test.each(["migration-failed", "job-lost", "job-damaged"] as const)(
  "%s: the input that is named runs it again",
  async (code) => {
    job.configure(failing.replace("~/go", `${job.at("go")}`).replace(">>migrations", `>>${job.at("ran")}`));
    await job.works("upload");
    expect((await job.step("migrate")).exitCode).toBe(1);
    writeFileSync(job.at("go"), "");
    const jobs = job.at(".deploy/jobs");
    for (const each of readdirSync(jobs)) {
      if (code === "job-lost") rmSync(join(jobs, each, "rc"));
      if (code === "job-damaged") writeFileSync(join(jobs, each, "rc"), "?\n");
    }
    await job.works("migrate", inputIn(moveOf(await job.step("migrate"), code)));
    expect(readFileSync(job.at("ran"), "utf8")).toBe("ran\n");
  },
);

test("a release that is not whole on every host is uploaded by the step that is named", async () => {
  const { outputs } = await job.works("upload");
  rmSync(job.at(`releases/${outputs.release}`), { recursive: true });
  expect(moveOf(await job.step("activate"), "not-prepared")).toContain("Run the upload step");
  await job.works("upload");
  await job.works("activate");
});

test("an application that is slow to come up gets the time that the error names", async () => {
  let asked = 0;
  const app = createServer((_, answer) => answer.writeHead(++asked < 20 ? 503 : 200).end());
  await new Promise<void>((done) => app.listen(0, "127.0.0.1", done));
  fleet.servers[0].setPort(8080, (app.address() as AddressInfo).port);
  const url = { "health-url": "http://127.0.0.1:8080/up", "health-expect-release": "false" };
  const health = { ...url, "health-interval": "50ms" };
  const short = { ...health, "health-within": "300ms" };
  await job.works("upload", short);
  const late = await job.step("activate", short);
  const [, name = ""] = /`health\.([a-z]+)` sets how long/.exec(moveOf(late, "unhealthy")) ?? [];
  const enough = { ...health, [`health-${name}`]: "60s" };
  job.next();
  await job.works("upload", enough);
  await job.works("activate", enough);
  await new Promise((done) => app.close(done));
});
