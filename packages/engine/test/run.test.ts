import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import { afterEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "./clock.ts";
import { around, recorder } from "./wires.ts";
import { backupBy, loseAnswer, makeWorld, migration, owner, read, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

const lives = (): (string | null)[] => world.hosts.map((host) => world.live(host));

describe("a deploy", () => {
  test("switches all hosts to the same release and reports it", async () => {
    world = makeWorld();
    const report = await world.deploy();
    expect(report.problems).toEqual([]);
    expect([report.result, report.exitCode]).toEqual(["deployed", 0]);
    expect(lives()).toEqual([report.release, report.release, report.release]);
    expect(read(world, "web2", "current/index.html")).toBe("one");
  });

  test("again, of the same commit, changes nothing", async () => {
    world = makeWorld();
    const first = await world.deployed();
    const again = await world.deploy();
    expect([again.result, again.changed, again.release]).toEqual(["deployed", false, first.release]);
    expect(again.hosts.flatMap(({ outcomes }) => outcomes)).toEqual([]);
  });

  test("sends the changed files only, and the tree is whole", async () => {
    world = makeWorld();
    world.write({ "big.txt": "x".repeat(100_000) });
    await world.deploy();
    world.write({ "index.html": "two" });
    const report = await world.deploy({ commit: "b".repeat(40) });
    expect(report.result).toBe("deployed");
    expect(read(world, "web3", "current/index.html")).toBe("two");
    expect(read(world, "web3", "current/big.txt")).toBe("x".repeat(100_000));
  });

  test("sends everything to a host whose base is damaged", async () => {
    world = makeWorld();
    world.write({ "other.txt": "as deployed" });
    const first = await world.deploy();
    writeFileSync(join(world.home("web2"), "shop/releases", first.release, "other.txt"), "as damaged");
    world.write({ "index.html": "two" });
    const report = await world.deploy({ commit: "b".repeat(40) });
    expect(report.result).toBe("deployed");
    expect(read(world, "web2", "current/other.txt")).toBe("as deployed");
  });

  test("tells the hosts how long what was live is kept", async () => {
    world = makeWorld({ keepFor: 3_600_000 });
    const { calls, fault } = recorder();
    world.faults.set("web2", fault);
    await world.deploy();
    const [finish] = calls.filter(({ name }) => name === "finish");
    expect(finish?.args.slice(4, 6)).toEqual(["-", "3600"]);
  });

  test("adopts what another tool left, and goes back to it", async () => {
    world = makeWorld();
    for (const host of world.hosts) {
      const base = join(world.home(host), "shop");
      mkdirSync(join(base, "releases/20240131235959"), { recursive: true });
      writeFileSync(join(base, "releases/20240131235959/index.html"), "capistrano");
      symlinkSync(join(base, "releases/20240131235959"), join(base, "current"));
    }
    const report = await world.deploy();
    expect([report.result, report.previous]).toEqual(["deployed", "20240131235959"]);
    const back = await world.rollback();
    expect([back.result, back.release]).toEqual(["deployed", "20240131235959"]);
    expect(read(world, "web1", "current/index.html")).toBe("capistrano");
  });
});

describe("a command that fails", () => {
  test("in prepare on one host: nobody is switched, the others' work is reported too", async () => {
    world = makeWorld();
    const first = await world.deployed();
    world.config = { ...world.config, prepare: [{ run: "test ! -e ~/stop", roles: [] }] };
    writeFileSync(join(world.home("web2"), "stop"), "");
    const report = await world.deploy({ commit: "b".repeat(40) });
    expect([report.result, report.exitCode]).toEqual(["failed", 1]);
    expect(lives()).toEqual([first.release, first.release, first.release]);
    expect(report.problems.map(({ code, place, message }) => [code, place.host, message])).toEqual([
      ["command-failed", "web2", "`test ! -e ~/stop` exited 1"],
    ]);
  });

  test("in reload, not over in time: it is ended and all go back", async () => {
    world = makeWorld();
    const first = await world.deployed();
    const reload = [{ run: "grep -q one index.html || exec sleep 600", roles: [], timeout: 1_000 }];
    world.config = { ...world.config, activate: { ...world.config.activate, reload } };
    world.write({ "index.html": "two" });
    const report = await world.deploy({ commit: "b".repeat(40) });
    expect([report.result, lives()]).toEqual(["reverted", [first.release, first.release, first.release]]);
    expect(report.problems[0]?.message).toContain("was not over after 1 s, its `timeout`, and was ended");
  });

  test("in backup: nothing is migrated", async () => {
    world = makeWorld();
    world.config = {
      ...world.config,
      backup: backupBy("exit 3", "true"),
      migrate: migration("echo ran >>$HOME/migrations"),
    };
    const report = await world.deploy();
    expect([report.result, lives()]).toEqual(["failed", [null, null, null]]);
    expect(() => read(world, "web1", "../migrations")).toThrow("ENOENT");
  });

  test("in reload: all go back", async () => {
    world = makeWorld();
    const first = await world.deployed();
    world.config = {
      ...world.config,
      activate: { ...world.config.activate, reload: [{ run: "grep -q one index.html", roles: [] }] },
    };
    world.write({ "index.html": "two" });
    const report = await world.deploy({ commit: "b".repeat(40) });
    expect([report.result, lives()]).toEqual(["reverted", [first.release, first.release, first.release]]);
  });
});

test("a command that says nothing for a minute is told of", async () => {
  world = makeWorld();
  world.config = {
    ...world.config,
    prepare: [{ run: ": >~/begun; until [ -e ~/go ]; do sleep 0.05; done", roles: [] }],
  };
  const clock = new ManualClock();
  const running = world.deploy({ clock });
  while (!world.hosts.every((host) => existsSync(join(world.home(host), "begun"))))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await clock.advance(60_000);
  for (const host of world.hosts) writeFileSync(join(world.home(host), "go"), "");
  expect((await running).result).toBe("deployed");
  const notes = world.events.flatMap((event) =>
    event.kind === "note" ? [`${event.host} ${event.text}`] : [],
  );
  expect(notes.sort()).toEqual(
    world.hosts.map((host) => expect.stringMatching(`^${host} no output of .*for 60 s: it still runs$`)),
  );
});

describe("health", () => {
  test("one unhealthy host takes all three back, and the report says what it answered", async () => {
    world = makeWorld();
    const first = await world.deployed();
    const report = await world.deploy({
      commit: "b".repeat(40),
      before: ({ release }) => world.broken.add(`${release}@web2`),
    });
    expect([report.result, report.exitCode]).toEqual(["reverted", 3]);
    expect(lives()).toEqual([first.release, first.release, first.release]);
    expect(report.problems[0]).toMatchObject({
      code: "unhealthy",
      message: "http://127.0.0.1:8080/up answered 503, expected 200",
    });
  });

  test("each host is asked on itself, whatever the URL's name, for as long as the config says", async () => {
    world = makeWorld();
    const { activate } = world.config;
    const health = {
      ...(activate.health as NonNullable<typeof activate.health>),
      ...{ url: "https://shop.example.com/up", timeout: 20_000, within: 60_000 },
    };
    world.config = { ...world.config, activate: { ...activate, health } };
    const asked: unknown[] = [];
    world.faults.set("web2", (inner) => ({
      ...around("", (transport, command, options) => transport.exec(command, options))(inner),
      http: (probe, signal) => {
        asked.push(probe);
        return inner.http(probe, signal);
      },
    }));
    expect((await world.deploy()).result).toBe("deployed");
    expect(asked).toMatchObject([{ url: health.url, address: "127.0.0.1", timeout: 20_000 }]);
  });

  /** web2 answers so for a new release, one after the other, and well from then on; `-`: it refuses the connection. */
  const answering = (first: string, answers: readonly string[]) => {
    const left = [...answers];
    const { activate } = world.config;
    const usual = activate.health as NonNullable<typeof activate.health>;
    const health = { ...usual, passes: 3, within: 60_000 };
    world.config = { ...world.config, activate: { ...activate, health } };
    world.faults.set("web2", (inner) => ({
      ...around("", (transport, command, options) => transport.exec(command, options))(inner),
      http: async (probe, signal) => {
        const refused = world.live("web2") !== first && left.shift() === "-";
        if (refused) throw new DeployError("http-refused", `Nothing listens at ${probe.url}`);
        return inner.http(probe, signal);
      },
    }));
    return world.deploy({ commit: "b".repeat(40) });
  };

  test("a server that answered, and then refuses, is not waited for", async () => {
    world = makeWorld();
    const { release } = await world.deployed();
    const report = await answering(release, ["well", "-", "-", "-"]);
    expect([report.result, report.problems[0]?.message]).toEqual([
      "reverted",
      "http://127.0.0.1:8080/up answered, and refuses connections since: it died",
    ]);
  });

  test("that nothing came in the time that was left is not the reason", async () => {
    world = makeWorld();
    world.faults.set("web2", (inner) => ({
      ...around("", (transport, command, options) => transport.exec(command, options))(inner),
      http: async (probe, signal) => {
        if (probe.timeout < 700) throw new DeployError("http-timeout", "nothing came");
        return { ...(await inner.http(probe, signal)), status: 418 };
      },
    }));
    const report = await world.deploy();
    expect(report.problems[0]?.message).toBe("http://127.0.0.1:8080/up answered 418, expected 200");
  });

  test("one that is not yet up is waited for", async () => {
    world = makeWorld();
    const { release } = await world.deployed();
    expect((await answering(release, Array(12).fill("-"))).result).toBe("deployed");
  });

  test("one that is not yet up, and never will be by its service's own word, is not", async () => {
    world = makeWorld();
    const settled = '[ ! -e ~/told ] || exit 69; [ "$(basename "$PWD")" = "$(cat ~/first)" ] || : >~/told';
    const commands = { name: "shop.service", run: "rm -f ~/told", settled };
    const { release } = await world.deployed();
    writeFileSync(join(world.home("web2"), "first"), release);
    const service = [{ kind: "command", roles: [], within: 1_000, commands }] as const;
    world.config = { ...world.config, activate: { ...world.config.activate, service } };
    const report = await answering(release, ["-", "-", "-"]);
    expect([report.result, report.problems[0]?.message]).toEqual([
      "reverted",
      "http://127.0.0.1:8080/up refuses connections: shop.service died",
    ]);
  });

  test("an answer that names the commit is told so, and what to answer with", async () => {
    world = makeWorld();
    const answer = {
      status: 200,
      headers: {},
      body: '{"revision":"4f2a91c0000000000000000000000000000000aa"}',
    };
    world.faults.set("web2", (inner) => ({
      ...around("", (transport, command, options) => transport.exec(command, options))(inner),
      http: async () => answer,
    }));
    const report = await world.deploy();
    expect(report.problems[0]).toMatchObject({
      code: "release-untold",
      message: expect.stringContaining(
        `named the commit 4f2a91c0000000000000000000000000000000aa, expected release ${report.release}`,
      ),
      hint: expect.stringContaining("RELEASE"),
    });
    expect(read(world, "web1", `releases/${report.release}/RELEASE`)).toBe(`${report.release}\n`);
  });

  test("a failed first deploy takes away its own link", async () => {
    world = makeWorld();
    world.broken.add("*@web3");
    const report = await world.deploy();
    expect([report.result, lives()]).toEqual(["reverted", [null, null, null]]);
  });

  test("the failed release is bad: the next deploy of the commit is a new one, and no rollback leads there", async () => {
    world = makeWorld();
    const first = await world.deployed();
    const failed = await world.deploy({
      commit: "b".repeat(40),
      before: ({ release }) => world.broken.add(`${release}@web2`),
    });
    const report = await world.deploy({ commit: "b".repeat(40) });
    expect(report.result).toBe("deployed");
    expect(report.release).not.toBe(failed.release);
    const refused = await world.rollback(failed.release);
    expect(refused.problems[0]).toMatchObject({ code: "rollback-target" });
    expect((await world.rollback()).release).toBe(first.release);
  });
});

describe("a lost answer", () => {
  for (const when of ["before", "after"] as const) {
    test(`of the flip, cut ${when} it: the host is read again and the deploy goes on`, async () => {
      world = makeWorld();
      world.faults.set("web2", loseAnswer("flip", when));
      const report = await world.deploy();
      expect([report.result, lives()]).toEqual([
        "deployed",
        [report.release, report.release, report.release],
      ]);
    });

    test(`of the upload, cut ${when} it: it is sent again`, async () => {
      world = makeWorld();
      world.faults.set("web3", loseAnswer("prepare", when));
      expect((await world.deploy()).result).toBe("deployed");
    });
  }

  test("of the migration's start: it is asked again, and runs once", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: migration("echo ran >>$HOME/migrations") };
    world.faults.set("web1", loseAnswer("job launch", "after"));
    const report = await world.deploy();
    expect([report.result, read(world, "web1", "../migrations")]).toEqual(["deployed", "ran\n"]);
  });
});

describe("the lock", () => {
  test("a second run is refused and told who is at work", async () => {
    world = makeWorld();
    await world.deploy({ phases: ["prepare"], owner: owner("41"), keepLock: true });
    const report = await world.deploy({ owner: owner("42"), commit: "b".repeat(40) });
    expect([report.result, report.exitCode, lives()]).toEqual(["locked", 5, [null, null, null]]);
    expect(report.problems[0]?.message).toContain("run 41");
  });

  test("phases of one owner follow each other", async () => {
    world = makeWorld();
    const first = await world.deploy({ phases: ["prepare"], keepLock: true });
    expect([first.result, lives()]).toEqual(["prepared", [null, null, null]]);
    const rest = await world.deploy({ phases: ["data", "activate"], release: first.release });
    expect([rest.result, lives()]).toEqual(["deployed", [first.release, first.release, first.release]]);
  });

  test("activate alone is refused where a host does not hold the release", async () => {
    world = makeWorld();
    const report = await world.deploy({ phases: ["activate"] });
    expect([report.result, lives()]).toEqual(["failed", [null, null, null]]);
    expect(report.problems.map(({ code }) => code)).toEqual(["not-prepared", "not-prepared", "not-prepared"]);
  });
});
