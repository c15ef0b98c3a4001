import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "@deploy/core";
import {
  endJob,
  type Fleet,
  freezeFleet,
  listJobs,
  openFleet,
  probeFleet,
  settleJob,
  unfreezeFleet,
  unlockFleet,
} from "@deploy/engine";
import { jobEnd, jobFollow, jobLaunch, lockAcquire, lockRenew, type RemoteCommand } from "@deploy/remote";
import { localConnector, systemClock } from "@deploy/transport";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner } from "./world.ts";

/** A fleet of two: the leader, and one that can be lost. */
let root: string;
let fleet: Fleet;
const base = "~/shop";
const release = "20261121T080000Z-1111111";
const holder = owner("7");
const person = { ...owner("8"), id: "laptop:ann", run: "", repository: "" };

async function open(lost?: string): Promise<Fleet> {
  const hosts = ["web1", "web2"].map(
    (name): Host => ({ name, address: name, port: 22, username: "deploy", roles: [] }),
  );
  return openFleet({
    hosts,
    leader: "web1",
    connect: (host, signal) => {
      if (host.name === lost) return Promise.reject(new Error("gone"));
      return localConnector({ home: join(root, host.name) })(host, signal);
    },
    events: () => {},
    signal: new AbortController().signal,
    clock: systemClock,
    patience: [],
  });
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "deploy-repair-"));
  for (const name of ["web1", "web2"]) mkdirSync(join(root, name));
  fleet = await open();
});
afterEach(async () => {
  await fleet.close();
  rmSync(root, { recursive: true, force: true });
});

/** One command on the leader. */
async function ask<T>(command: RemoteCommand<T>): Promise<T> {
  const transport = fleet.links.get("web1")?.transport;
  const result = await transport?.exec(command);
  if (result?.status !== "exited") throw new Error(`${command.name}: ${result?.status}`);
  return command.parse(result);
}

async function lockHeld(): Promise<number> {
  return (await ask(lockAcquire({ base, owner: holder, lease: 600 }))).token;
}

/** A job of the lock's holder on the leader; `run` may wait for the file `go` of the home folder. */
async function launch(token: number, run: string): Promise<string> {
  mkdirSync(join(root, "web1/shop/releases", release), { recursive: true });
  const fence = { base, token, owner: holder.id };
  const job = `migrate-${release}`;
  await ask(jobLaunch({ fence, job, release, directory: "release", step: "migrate", run }));
  return job;
}

async function over(job: string): Promise<void> {
  for (;;) {
    if ((await ask(jobFollow({ base, job, offset: 1_000_000, wait: 2 }))).state !== "running") return;
  }
}

async function lockOf(): Promise<unknown> {
  const [leader] = await probeFleet(fleet, { base, sharedFiles: [], journal: 0 });
  if (leader?.reached !== true) throw new Error("not read");
  return { owner: leader.lock.owner?.id, frozen: leader.lock.frozen };
}

const go = (): void => writeFileSync(join(root, "web1/go"), "");
const waiting = "echo begun; while [ ! -e ~/go ]; do sleep 0.1; done; echo ended";

test("unlock: the lock is free, the holder is fenced, the next one gets it; a dry run only looks", async () => {
  const token = await lockHeld();
  expect(await unlockFleet(fleet, { base, owner: person, dryRun: true })).toEqual({
    released: false,
    unfenced: [],
  });
  expect(await lockOf()).toEqual({ owner: holder.id, frozen: undefined });
  expect(await unlockFleet(fleet, { base, owner: person, dryRun: false })).toEqual({
    released: true,
    unfenced: [],
  });
  expect(await lockOf()).toEqual({ owner: undefined, frozen: undefined });

  const fence = { base, token, owner: holder.id };
  await expect(ask(lockRenew({ fence, lease: 60, phase: "x" }))).rejects.toMatchObject({
    problem: { code: "fenced" },
  });
  const next = await ask(lockAcquire({ base, owner: owner("9"), lease: 60 }));
  expect(next.token).toBeGreaterThan(token + 1);
});

test("unlock fences the old holder on every host, and names those that it could not tell", async () => {
  const token = await lockHeld();
  const fence = { base, token, owner: holder.id };
  const web2 = async (command: RemoteCommand<unknown>): Promise<unknown> => {
    const result = await fleet.links.get("web2")?.transport?.exec(command);
    if (result?.status !== "exited") throw new Error(`${command.name}: ${result?.status}`);
    return command.parse(result);
  };
  const stale = jobEnd({ fence, job: "any", grace: 0 });
  await web2(lockAcquire({ base, owner: holder, lease: 1 }));
  expect(await web2(stale)).toMatchObject({ state: "new" });
  expect(await unlockFleet(fleet, { base, owner: person, dryRun: false })).toEqual({
    released: true,
    unfenced: [],
  });
  await expect(web2(stale)).rejects.toMatchObject({ problem: { code: "fenced" } });
  await fleet.close();
  fleet = await open("web2");
  await lockHeld();
  expect(await unlockFleet(fleet, { base, owner: person, dryRun: false })).toEqual({
    released: true,
    unfenced: ["web2"],
  });
});

test("unlock where nothing is locked, or nothing was ever deployed, is no error", async () => {
  expect(await unlockFleet(fleet, { base, owner: person, dryRun: false })).toEqual({
    released: false,
    unfenced: [],
  });
});

test("unlock is refused while a job runs, and the lock stays", async () => {
  const job = await launch(await lockHeld(), waiting);
  await expect(unlockFleet(fleet, { base, owner: person, dryRun: false })).rejects.toMatchObject({
    problems: [{ code: "job-running", place: { host: "web1" } }],
  });
  expect(await lockOf()).toEqual({ owner: holder.id, frozen: undefined });
  go();
  await over(job);
  expect(await unlockFleet(fleet, { base, owner: person, dryRun: false })).toEqual({
    released: true,
    unfenced: [],
  });
});

test("a freeze refuses everybody new with its reason, and unlock leaves it; unfreeze ends it", async () => {
  const reason = "stock taking; $(touch ~/pwned) until 6";
  expect(await freezeFleet(fleet, { base, owner: person, reason })).toEqual({ was: false });
  expect(await freezeFleet(fleet, { base, owner: person, reason })).toEqual({ was: true });
  await unlockFleet(fleet, { base, owner: person, dryRun: false });
  expect(await lockOf()).toEqual({ owner: undefined, frozen: reason });
  await expect(lockHeld()).rejects.toMatchObject({
    problem: { code: "frozen", message: expect.stringContaining(reason) },
  });
  expect(await unfreezeFleet(fleet, { base })).toEqual({ was: true });
  expect(await unfreezeFleet(fleet, { base })).toEqual({ was: false });
  expect(await lockHeld()).toBeGreaterThan(0);
});

test("jobs are listed with their tails; a lost host is an answer", async () => {
  const job = await launch(await lockHeld(), "echo one; echo two; exit 3");
  await over(job);
  await fleet.close();
  fleet = await open("web2");
  expect(await listJobs(fleet, base)).toEqual([
    {
      host: "web1",
      reached: true,
      archived: 0,
      jobs: [
        expect.objectContaining({
          id: job,
          state: "done",
          code: 3,
          release,
          step: "migrate",
          tail: ["one", "two"],
        }),
      ],
    },
    { host: "web2", reached: false, problem: expect.objectContaining({ message: "gone" }) },
  ]);
});

test.each([
  ["retry", []],
  ["done", [{ state: "done", code: 0, note: "resolved", by: "laptop:ann" }]],
] as const)("settle a failed job as %s: under a lock of its own, free again", async (as, left) => {
  const token = await lockHeld();
  const job = await launch(token, "exit 3");
  await over(job);
  await expect(settleJob(fleet, { base, owner: person, job, as })).rejects.toMatchObject({
    problems: [{ code: "locked" }],
  });
  await unlockFleet(fleet, { base, owner: person, dryRun: false });
  expect(await settleJob(fleet, { base, owner: person, job, as })).toEqual({ changed: true });
  const [leader] = await listJobs(fleet, base);
  expect(leader).toMatchObject({ jobs: left, archived: as === "retry" ? 1 : 0 });
  expect(await lockOf()).toEqual({ owner: undefined, frozen: undefined });
});

test("a refused settle gives the lock back too", async () => {
  await lockHeld();
  await unlockFleet(fleet, { base, owner: person, dryRun: false });
  const refused = settleJob(fleet, { base, owner: person, job: "migrate-x", as: "done" });
  await expect(refused).rejects.toMatchObject({ problems: [{ code: "job-missing" }] });
  expect(await lockOf()).toEqual({ owner: undefined, frozen: undefined });
});

test("end: the job's group is gone, its holder is fenced, and then unlock goes", async () => {
  const token = await lockHeld();
  const job = await launch(token, `trap '' TERM; ${waiting}`);
  const ended = await endJob(fleet, { base, owner: person, job, grace: 1 });
  expect(ended).toMatchObject({ id: job, state: "done", note: "ended", by: "laptop:ann" });
  expect(ended.code).not.toBe(0);
  const fence = { base, token, owner: holder.id };
  await expect(ask(lockRenew({ fence, lease: 60, phase: "x" }))).rejects.toMatchObject({
    problem: { code: "fenced" },
  });
  expect(await unlockFleet(fleet, { base, owner: person, dryRun: false })).toEqual({
    released: true,
    unfenced: [],
  });
  expect(readFileSync(join(root, "web1/shop/.deploy/jobs", job, "out"), "utf8")).not.toContain("ended");
});

test("without the leader nothing is repaired, and it says why", async () => {
  await fleet.close();
  fleet = await open("web1");
  await expect(unfreezeFleet(fleet, { base })).rejects.toMatchObject({
    problems: [{ message: "gone", place: { host: "web1" } }],
  });
});
