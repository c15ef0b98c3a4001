import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome, Report, Upload } from "@deploy/core";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "./clock.ts";
import { around, type Call, latch, recorder } from "./wires.ts";
import { loseAnswer, makeWorld, read, type World } from "./world.ts";

const usual: Upload = {
  method: "artifact",
  unchanged: "copy",
  verify: "changed",
  compression: "auto",
  atOnce: 64,
  filter: [],
};
const second = { commit: "b".repeat(40) };

let world: World;
beforeEach(() => {
  world = makeWorld();
  world.write({ "big.txt": "x".repeat(200_000), "random.txt": noise(50_000) });
});
afterEach(() => world.dispose());

const uploadsOf = ({ hosts }: Report): readonly Outcome[] =>
  hosts.flatMap(({ outcomes }) => outcomes.filter(({ step }) => step === "upload"));

const notes = (): readonly string[] =>
  world.events.flatMap((event) => (event.kind === "note" ? [event.text] : []));

function record(): readonly Call[] {
  const { calls, fault } = recorder();
  for (const host of world.hosts) world.faults.set(host, fault);
  return calls;
}

describe("an upload", () => {
  test("says what went over the wire, what was there, and how", async () => {
    const first = uploadsOf(await world.deploy());
    expect(first.map(({ transfer }) => [transfer?.method, transfer?.saved])).toEqual(
      Array(3).fill(["artifact", 0]),
    );
    expect(first.every(({ transfer }) => (transfer?.sent ?? 0) > 30_000)).toBe(true);
    world.write({ "index.html": "two" });
    for (const { transfer, detail } of uploadsOf(await world.deploy(second))) {
      expect(transfer).toEqual({ method: "artifact", sent: expect.any(Number), saved: 250_000 });
      expect(transfer?.sent).toBeLessThan(2_000);
      expect(detail).toMatch(
        /^uploaded and verified, \d+ B sent, 250 kB kept$|^uploaded and verified, 1\.\d kB/,
      );
    }
  });

  test("the rate is told where it means something", async () => {
    world.write({ "noise.txt": noise(400_000) });
    const [outcome] = uploadsOf(await world.deploy());
    expect(outcome?.detail).toMatch(/^uploaded and verified, \d+ kB sent, [\d.]+ [kM]B\/s$/);
  });

  test("lost and repeated, both attempts were sent", async () => {
    world.faults.set("web2", loseAnswer("prepare", "after"));
    const [one, two] = uploadsOf(await world.deploy());
    expect([two?.status, (two?.transfer?.sent ?? 0) > 1.5 * (one?.transfer?.sent ?? 0)]).toEqual([
      "ok",
      true,
    ]);
  });

  test("to hosts that hold the release already nothing is sent again", async () => {
    const first = await world.deploy({ phases: ["prepare"], keepLock: true });
    const again = await world.deploy({ release: first.release });
    expect([again.result, uploadsOf(again).map(({ detail, transfer }) => [detail, transfer?.sent])]).toEqual([
      "deployed",
      Array(3).fill(["was there already", 0]),
    ]);
  });

  test("a manifest that was lost on the way is asked for again", async () => {
    await world.deployed();
    world.faults.set("web1", loseAnswer("manifest", "before"));
    const report = await world.deploy(second);
    expect(uploadsOf(report).map(({ transfer }) => (transfer?.saved ?? 0) > 0)).toEqual([true, true, true]);
  });

  test("a damaged base is told, and that host gets everything", async () => {
    const first = await world.deployed();
    writeFileSync(join(world.home("web2"), "shop/releases", first.release, "big.txt"), "damaged");
    const report = await world.deploy(second);
    expect(uploadsOf(report).map(({ transfer }) => (transfer?.saved ?? 0) > 0)).toEqual([true, false, true]);
    expect(notes()).toContain(`release ${first.release} is damaged here, sending everything`);
  });

  test("at most so many at once", async () => {
    world.config = { ...world.config, upload: { ...usual, atOnce: 1 } };
    const calls = record();
    await world.deploy();
    const prepares = calls.filter(({ name }) => name === "prepare");
    const overlapping = prepares.filter((one) =>
      prepares.some((other) => other !== one && other.begin < one.begin && one.begin < other.end),
    );
    expect([prepares.length, overlapping]).toEqual([3, []]);
  });

  test("verified and compressed as asked, where the host reads that", async () => {
    world.config = { ...world.config, upload: { ...usual, verify: "whole", compression: "none" } };
    const calls = record();
    const report = await world.deploy();
    expect(uploadsOf(report).every(({ transfer }) => (transfer?.sent ?? 0) > 250_000)).toBe(true);
    const args = calls.filter(({ name }) => name === "prepare").map((call) => call.args.slice(13, 17));
    expect(args).toEqual(Array(3).fill(["copy", "whole", "none", "stream"]));
  });

  test("unchanged files are hard links where that was asked for", async () => {
    world.config = { ...world.config, upload: { ...usual, unchanged: "link" } };
    const first = await world.deploy();
    world.write({ "index.html": "two" });
    const report = await world.deploy(second);
    const inode = (release: string, path: string) =>
      statSync(join(world.home("web1"), "shop/releases", release, path)).ino;
    expect(inode(report.release, "big.txt")).toBe(inode(first.release, "big.txt"));
    expect(inode(report.release, "index.html")).not.toBe(inode(first.release, "index.html"));
  });

  test("a damaged artifact is every host's failure, and frees the lock", async () => {
    const report = await world.deploy({
      damage: { parcel: () => Promise.reject(new Error("cut")) },
    });
    expect([report.result, uploadsOf(report).map(({ status }) => status)]).toEqual([
      "failed",
      ["failed", "failed", "failed"],
    ]);
    expect(read(world, "web1", ".deploy/lock/state").split(" ")[3]).toBe("-");
  });

  test("cancelled, those whose turn has not come are not begun", async () => {
    world.config = { ...world.config, upload: { ...usual, atOnce: 1 } };
    const cancel = new AbortController();
    world.faults.set(
      "web1",
      around("prepare", async (transport, command, options) => {
        const result = await transport.exec(command, { ...(options?.input && { input: options.input }) });
        cancel.abort();
        return result;
      }),
    );
    const report = await world.deploy({ signal: cancel.signal });
    expect([report.result, uploadsOf(report).map(({ status }) => status)]).toEqual([
      "cancelled",
      ["ok", "skipped", "skipped"],
    ]);
  });

  test("who is slow is told by name while it is", async () => {
    const clock = new ManualClock();
    const [stuck, go] = [latch(), latch()];
    world.faults.set(
      "web2",
      around("prepare", (transport, command, options) =>
        transport.exec(command, {
          input: (async function* () {
            for await (const chunk of options?.input ?? []) {
              yield chunk;
              stuck.open();
              await go.opened;
            }
          })(),
        }),
      ),
    );
    const deployed = world.deploy({ clock });
    await stuck.opened;
    while (
      world.events.filter((event) => event.kind === "outcome" && event.outcome.step === "upload").length < 2
    )
      await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.advance(10_000);
    go.open();
    const report = await deployed;
    const told = notes().filter((text) => text.startsWith("still uploading"));
    expect([report.result, told]).toEqual([
      "deployed",
      [expect.stringMatching(/^still uploading: web2 [^;]*$/)],
    ]);
  });
});

/** Text that no compressor makes much smaller, the same each time. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 94));
  }).join("");
}
