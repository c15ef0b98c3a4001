import { readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Report } from "@deploy/core";
import { type Clock, systemClock } from "@deploy/transport";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { around, latch, lost, recorder } from "./wires.ts";
import { type Fault, makeWorld, read, type World } from "./world.ts";

let world: World;
let old: string;
beforeEach(async () => {
  world = makeWorld();
  old = (await world.deployed()).release;
  world.write({ "index.html": "two" });
});
afterEach(() => world.dispose());

const second = { commit: "b".repeat(40) };
const lives = (): (string | null)[] => world.hosts.map((host) => world.live(host));
const allNew = ({ release }: Report) => [release, release, release];
const outcomesOf = ({ hosts }: Report, step = "switch"): readonly unknown[] =>
  hosts.map(({ host, outcomes }) => {
    const found = outcomes.find((outcome) => outcome.step === step);
    return [host, found?.status, found?.problem?.code ?? found?.detail];
  });
const lockOf = () => readFileSync(join(world.home("web1"), "shop/.deploy/lock/state"), "utf8").split(" ")[3];

/** Tells when this host's flip is armed. */
function onArmed(tell: () => void): Fault {
  return around("flip armed", (transport, command, options) =>
    transport.exec(command, {
      ...options,
      onOutput: (stream, text) => {
        if (text.includes("armed\n")) tell();
        options?.onOutput?.(stream, text);
      },
    }),
  );
}

/** The first armed flip of this host: armed, then its connection is gone before anybody was told anything. */
function loseArmed(then: () => void = () => {}): Fault {
  let first = true;
  return around("flip armed", async (transport, command, options) => {
    if (!first) return transport.exec(command, options);
    first = false;
    const cut = latch();
    await transport.exec(command, {
      input: (async function* () {
        await cut.opened;
        yield* [];
      })(),
      onOutput: (stream, text) => {
        options?.onOutput?.(stream, text);
        if (text.includes("armed\n")) cut.open();
      },
    });
    then();
    return lost;
  });
}

/** Waits before this host's flip is even asked for. */
const heldBack = (until: Promise<unknown>): Fault =>
  around("flip armed", async (transport, command, options) => {
    await until;
    return transport.exec(command, options);
  });

describe("the switch", () => {
  test("nobody renames before everybody is armed", async () => {
    const seen: unknown[] = [];
    for (const host of world.hosts)
      world.faults.set(
        host,
        onArmed(() => seen.push(lives())),
      );
    const report = await world.deploy(second);
    expect([report.result, lives()]).toEqual(["deployed", allNew(report)]);
    expect(seen).toEqual(Array(3).fill([old, old, old]));
    expect(report.timings.window).toEqual(expect.any(Number));
  });

  test("one host cannot: nobody switches, and the cause is told once", async () => {
    const report = await world.deploy({
      ...second,
      before: () => {
        rmSync(join(world.home("web2"), "shop/current"));
        symlinkSync("releases/20200101000000", join(world.home("web2"), "shop/current"));
      },
    });
    expect([report.exitCode, lives()]).toEqual([4, [old, null, old]]);
    const [one, two, three] = outcomesOf(report) as readonly (readonly string[])[];
    const why =
      "nobody was switched: web2 could not: current is a broken link to releases/20200101000000, expected";
    expect([one?.slice(0, 2), two, three?.slice(0, 2)]).toEqual([
      ["web1", "skipped"],
      ["web2", "failed", "current-changed"],
      ["web3", "skipped"],
    ]);
    expect(one?.[2]).toContain(why);
    expect(outcomesOf(report, "revert")).toEqual(world.hosts.map((host) => [host, undefined, undefined]));
    expect(report.timings.window).toBe(undefined);
  });

  test("a release that one host no longer holds: nobody switches, all serve the old one", async () => {
    let planned = "";
    const note = ({ release }: Plan) => {
      planned = release;
    };
    world.faults.set(
      "web3",
      around("flip armed", (transport, command, options) => {
        rmSync(join(world.home("web3"), "shop/releases", planned), { recursive: true, force: true });
        return transport.exec(command, options);
      }),
    );
    const report = await world.deploy({ ...second, before: note });
    expect([report.result, report.exitCode, lives(), lockOf()]).toEqual(["failed", 1, [old, old, old], "-"]);
    expect(report.problems.map(({ code, place }) => [code, place.host])).toEqual([
      ["release-missing", "web3"],
    ]);
    world.faults.clear();
    const again = await world.deploy(second);
    expect([again.result, lives()]).toEqual(["deployed", allNew(again)]);
  });

  test("a connection lost while armed is opened again, and armed again, while the others wait", async () => {
    const again = latch();
    world.faults.set("web1", loseArmed(again.open));
    world.faults.set("web2", heldBack(again.opened));
    const report = await world.deploy(second);
    expect([report.result, lives()]).toEqual(["deployed", allNew(report)]);
  });

  test("lost for good before the word: it was not switched, and nobody else was", async () => {
    const { calls, fault } = recorder();
    world.faults.set("web1", fault);
    world.faults.set(
      "web2",
      around("flip armed", async () => lost),
    );
    const report = await world.deploy(second);
    expect([report.result, report.exitCode, lives(), lockOf()]).toEqual(["failed", 1, [old, old, old], "-"]);
    expect(outcomesOf(report)).toEqual([
      ["web1", "skipped", "nobody was switched: web2 was lost before the word"],
      ["web2", "failed", "connection-lost"],
      ["web3", "skipped", "nobody was switched: web2 was lost before the word"],
    ]);
    expect(calls.filter(({ name }) => name.startsWith("flip")).length).toBe(1);
  });

  test("a host that stands down though the word was given is switched by itself", async () => {
    world.faults.set(
      "web3",
      around("flip armed", (transport, command, options) =>
        transport.exec(command, {
          ...options,
          input: (async function* () {
            for await (const _ of options?.input ?? []) return;
            yield* [];
          })(),
        }),
      ),
    );
    const report = await world.deploy(second);
    expect([report.result, lives()]).toEqual(["deployed", allNew(report)]);
  });

  test("cancelled while some are armed: nobody switches", async () => {
    const cancel = new AbortController();
    world.faults.set(
      "web1",
      onArmed(() => cancel.abort()),
    );
    world.faults.set(
      "web2",
      heldBack(new Promise((resolve) => cancel.signal.addEventListener("abort", resolve))),
    );
    const report = await world.deploy({ ...second, signal: cancel.signal });
    expect([report.result, report.exitCode, lives(), lockOf()]).toEqual([
      "cancelled",
      130,
      [old, old, old],
      "-",
    ]);
    expect(outcomesOf(report)).toEqual(
      world.hosts.map((host) => [host, "skipped", "nobody was switched: the run was cancelled"]),
    );
  });

  test("a host that is not ready in time is named, and nobody switches", async () => {
    // The time of the slow one is over when both others are armed.
    const armed = [latch(), latch()] as const;
    const late = Promise.all(armed.map(({ opened }) => opened));
    const clock: Clock = {
      now: () => systemClock.now(),
      sleep: (milliseconds, signal) =>
        milliseconds === 15_000 ? late.then(() => {}) : systemClock.sleep(milliseconds, signal),
    };
    world.faults.set("web1", onArmed(armed[0].open));
    const tooLate = latch();
    world.faults.set("web2", heldBack(tooLate.opened));
    // The others stand down when the gate is shut; only then is the slow one let go.
    world.faults.set(
      "web3",
      around("flip armed", async (transport, command, options) => {
        const onOutput = (stream: "stdout" | "stderr", text: string) => {
          if (text.includes("armed\n")) armed[1].open();
          options?.onOutput?.(stream, text);
        };
        const result = await transport.exec(command, { ...options, onOutput });
        tooLate.open();
        return result;
      }),
    );
    const report = await world.deploy({ ...second, clock });
    expect([report.result, lives()]).toEqual(["failed", [old, old, old]]);
    expect(outcomesOf(report)).toEqual([
      ["web1", "skipped", "nobody was switched: web2 was not ready within 15 s"],
      ["web2", "failed", "not-armed"],
      ["web3", "skipped", "nobody was switched: web2 was not ready within 15 s"],
    ]);
  });

  test("a login banner that says armed is not our word", async () => {
    const seen: unknown[] = [];
    world.faults.set(
      "web1",
      around("flip armed", (transport, command, options) => {
        options?.onOutput?.("stdout", "armed\nWelcome\narmed\n");
        return transport.exec(command, options);
      }),
    );
    for (const host of ["web2", "web3"])
      world.faults.set(
        host,
        onArmed(() => seen.push(world.live("web2"))),
      );
    const report = await world.deploy(second);
    expect([report.result, seen]).toEqual(["deployed", [old, old]]);
  });

  test("where some serve it already, by a run that was killed, the others follow", async () => {
    let planned = "";
    const note = ({ release }: Plan) => {
      planned = release;
    };
    world.faults.set(
      "web2",
      around("flip armed", (transport, command, options) => {
        rmSync(join(world.home("web2"), "shop/current"));
        symlinkSync(`releases/${planned}`, join(world.home("web2"), "shop/current"));
        return transport.exec(command, options);
      }),
    );
    const report = await world.deploy({ ...second, before: note });
    expect([report.result, lives()]).toEqual(["deployed", allNew(report)]);
    expect(outcomesOf(report)[1]).toEqual(["web2", "ok", "was switched already"]);
    expect(read(world, "web2", "current/index.html")).toBe("two");
  });

  test("a rollback is armed too, a revert is not: it does not wait for anybody", async () => {
    const { calls, fault } = recorder();
    for (const host of world.hosts) world.faults.set(host, fault);
    const broken = await world.deploy({
      ...second,
      before: ({ release }) => world.broken.add(`${release}@web2`),
    });
    expect([broken.result, lives()]).toEqual(["reverted", [old, old, old]]);
    const flips = () => calls.filter(({ name }) => name.startsWith("flip")).map(({ name }) => name);
    expect(flips()).toEqual([...Array(3).fill("flip armed"), ...Array(3).fill("flip")]);
    const good = await world.deploy({ commit: "c".repeat(40) });
    const back = await world.rollback();
    expect([good.result, back.result, lives()]).toEqual(["deployed", "deployed", [old, old, old]]);
    expect(flips().slice(6)).toEqual(Array(6).fill("flip armed"));
  });

  test("a dry run arms nobody", async () => {
    const report = await world.deploy({ ...second, dryRun: true });
    expect([report.result, lives()]).toEqual(["planned", [old, old, old]]);
  });
});
