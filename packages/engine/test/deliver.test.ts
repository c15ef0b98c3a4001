import { DeployError, type Upload } from "@deploy/core";
import type { RsyncAsked } from "@deploy/engine";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { carrierIn } from "./methods/carrier.ts";
import { methodsOf, uploadsOf } from "./methods/contract.ts";
import { openShelf, type TestShelf } from "./shelf.ts";
import { recorder } from "./wires.ts";
import { makeWorld, read, type World } from "./world.ts";

const usual = { unchanged: "copy", verify: "changed", compression: "auto", atOnce: 64, filter: [] } as const;
const pull: Upload = {
  ...usual,
  method: "pull",
  store: { to: "s3://shop/releases", checksums: "crc32" },
};
const second = { commit: "b".repeat(40) };

let world: World;
let store: TestShelf | undefined;
beforeEach(() => {
  world = makeWorld();
  world.write({ "big.txt": "x".repeat(200_000) });
});
afterEach(async () => {
  world.dispose();
  await store?.close();
  store = undefined;
});

const notes = (): readonly string[] =>
  world.events.flatMap((event) =>
    event.kind === "note" ? [`${event.host === undefined ? "" : `${event.host}: `}${event.text}`] : [],
  );

describe("by pull", () => {
  beforeEach(() => {
    world.config = { ...world.config, upload: pull };
  });

  test("a parcel is put once, fetched by each host, and taken away again", async () => {
    store = await openShelf();
    const first = await world.deploy({ shelf: store.shelf });
    expect([first.result, store.puts.length, store.urls.length, store.clears]).toEqual(["deployed", 1, 3, 1]);
    world.write({ "index.html": "two" });
    const report = await world.deploy({ ...second, shelf: store.shelf });
    expect([report.result, store.puts.length, methodsOf(report)]).toEqual([
      "deployed",
      2,
      Array(3).fill("pull"),
    ]);
    expect(uploadsOf(report)[0]?.transfer?.saved).toBe(200_000);
    expect([
      read(world, "web3", "current/index.html"),
      read(world, "web3", "current/big.txt").length,
    ]).toEqual(["two", 200_000]);
    expect(JSON.stringify([world.events, report])).not.toContain("secret=");
  });

  test("an address that no longer holds is asked for anew, once", async () => {
    // Answered once every host has asked: none is at its second address before.
    const { promise, resolve } = Promise.withResolvers<void>();
    store = await openShelf(async (request) => {
      if (request === 2) resolve();
      if (request < 3) await promise;
      return request < 3 ? 403 : 200;
    });
    const report = await world.deploy({ shelf: store.shelf });
    expect([report.result, methodsOf(report), store.urls.length]).toEqual([
      "deployed",
      ["pull", "pull", "pull"],
      6,
    ]);
  });

  test("what a host cannot fetch is sent to it, with the cause", async () => {
    store = await openShelf(() => 403);
    const report = await world.deploy({ shelf: store.shelf });
    expect([report.result, methodsOf(report)]).toEqual(["deployed", Array(3).fill("artifact")]);
    expect(
      notes().filter((text) => /^web\d: cannot fetch the upload: .*403.*; sending it instead$/.test(text))
        .length,
    ).toBe(3);
    expect(JSON.stringify([world.events, report])).not.toContain("secret=");
  });

  test("a store that takes nothing is told once, and everything is sent", async () => {
    store = await openShelf(undefined, {
      put: () => Promise.reject(new DeployError("store-denied", "The store said no")),
    });
    const report = await world.deploy({ shelf: store.shelf });
    expect([report.result, methodsOf(report)]).toEqual(["deployed", Array(3).fill("artifact")]);
    expect(notes()).toEqual([
      "the upload cannot be put into s3://shop/releases: The store said no; sending it instead",
    ]);
  });

  test("so is one that cannot be opened", async () => {
    const report = await world.deploy({
      shelf: () => Promise.reject(new DeployError("store-unfetchable", "A folder has no addresses")),
    });
    expect([report.result, methodsOf(report), notes().length]).toEqual([
      "deployed",
      Array(3).fill("artifact"),
      1,
    ]);
  });

  test("what could not be taken away is told", async () => {
    store = await openShelf(undefined, { left: "something may still lie there" });
    await world.deploy({ shelf: store.shelf });
    expect(notes()).toEqual(["something may still lie there"]);
  });

  test("a dry run puts nothing anywhere", async () => {
    store = await openShelf();
    const report = await world.deploy({ shelf: store.shelf, dryRun: true });
    expect([report.result, store.puts, store.clears]).toEqual(["planned", [], 0]);
  });
});

describe("by rsync", () => {
  beforeEach(() => {
    world.config = { ...world.config, upload: { ...usual, method: "rsync" } };
  });

  test("what was brought becomes the release, verified; the live one is its base", async () => {
    const asked: RsyncAsked[] = [];
    const first = await world.deploy({ rsync: carrierIn(world, asked) });
    world.write({ "index.html": "two" });
    const report = await world.deploy({ ...second, rsync: carrierIn(world, asked) });
    expect([report.result, read(world, "web3", "current/index.html")]).toEqual(["deployed", "two"]);
    expect(uploadsOf(report).map(({ transfer }) => transfer)).toEqual(
      Array(3).fill({ method: "rsync", sent: 4_000, saved: 196_000 }),
    );
    expect(asked.map(({ from, unchanged, release }) => [from, unchanged, release])).toEqual([
      ...Array(3).fill([null, "copy", first.release]),
      ...Array(3).fill([first.release, "copy", report.release]),
    ]);
  });

  test("what rsync cannot do is that host's failure, and nobody is switched", async () => {
    const broken = (attempt: number) =>
      attempt === 0 ? new DeployError("rsync-failed", "rsync ended 23") : undefined;
    const report = await world.deploy({ rsync: carrierIn(world, [], broken) });
    expect([report.result, report.problems.map(({ code, message }) => [code, message])]).toEqual([
      "failed",
      [["rsync-failed", "rsync ended 23"]],
    ]);
    expect(world.hosts.map((host) => world.live(host))).toEqual([null, null, null]);
  });

  test("a connection that is lost meanwhile is opened again, and it goes on", async () => {
    const asked: RsyncAsked[] = [];
    const lost = (attempt: number) =>
      attempt === 0 ? new DeployError("connection-lost", "it was lost") : undefined;
    const report = await world.deploy({ rsync: carrierIn(world, asked, lost) });
    expect([report.result, asked.length]).toEqual(["deployed", 3]);
  });
});

test("hosts of several steps are sent to at the same time, each in its own way", async () => {
  store = await openShelf();
  const calls = recorder();
  for (const host of world.hosts) world.faults.set(host, calls.fault);
  world.config = { ...world.config, upload: pull };
  const report = await world.deploy({
    shelf: store.shelf,
    // As where a host has neither curl nor wget.
    change: (plan) => ({
      ...plan,
      stages: plan.stages.map((stage) => ({
        ...stage,
        steps: stage.steps.flatMap((step) =>
          step.step === "upload" && step.delivery !== undefined
            ? [
                { ...step, id: "upload-1", hosts: ["web1", "web3"] },
                {
                  ...step,
                  id: "upload-2",
                  hosts: ["web2"],
                  delivery: { ...step.delivery, method: "artifact" },
                },
              ]
            : [step],
        ),
      })),
    }),
  });
  expect([report.result, methodsOf(report)]).toEqual(["deployed", ["pull", "artifact", "pull"]]);
  const prepares = calls.calls.filter(({ name }) => name === "prepare");
  const ended = Math.min(...prepares.map(({ end }) => end));
  expect(prepares.filter(({ begin }) => begin < ended).length).toBeGreaterThan(1);
});
