import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { cutOnce, type Fault, loseAnswer, makeWorld, migration, owner, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

const counting = (more: string) => migration(`echo ran >>"$HOME/count"; echo began; ${more}; echo ended`);

/** What a command waits at until it is let go, on every host. */
const gate = "until [ -e ~/go ]; do sleep 0.05; done";
const letGo = () => {
  for (const host of world.hosts) writeFileSync(join(world.home(host), "go"), "");
};
const tick = () => new Promise((resolve) => setTimeout(resolve, 20));

const count = (): number => {
  const file = join(world.home("web1"), "count");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
};

const output = (): string =>
  world.events
    .map((event) => (event.kind === "output" && event.step === "migrate" ? event.text : ""))
    .join("");

const notes = (): string[] => world.events.flatMap((event) => (event.kind === "note" ? [event.text] : []));

describe("a migration", () => {
  test("runs once, streams its output, and is not run again for the same release", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting("true") };
    const first = await world.deploy({ phases: ["prepare", "data"] });
    const again = await world.deploy({ phases: ["prepare", "data"], release: first.release });
    expect([first.result, again.result, count(), output()]).toEqual([
      "prepared",
      "prepared",
      1,
      "began\nended\nbegan\nended\n",
    ]);
  });

  test("whose connection is cut goes on, and is followed again to its real end", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting("exit 3") };
    world.faults.set("web1", cutOnce("job follow"));
    const report = await world.deploy();
    expect([report.result, count(), output()]).toEqual(["failed", 1, "began\n"]);
    expect(
      report.problems.map(({ code, message }) => [code, message.replace(/\d{8}T\w+-\w+/, "ID")]),
    ).toEqual([["migration-failed", "the migration of ID exited 3"]]);
  });

  test("whose launch was never answered is this run's own: not an earlier one's, and retry does not run it twice", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting("exit 3") };
    world.faults.set("web1", loseAnswer("job launch", "after"));
    const report = await world.deploy({ migration: { retry: true } });
    expect([report.result, count(), output()]).toEqual(["failed", 1, "began\n"]);
    expect(report.problems[0]?.message).toMatch(/^the migration of \S+ exited 3$/);
  });

  test("that failed is not run again without a person's word", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting("test -e ~/mended") };
    world.config = {
      ...world.config,
      migrate: { ...counting(""), run: 'echo ran >>"$HOME/count"; test -e ~/mended' },
    };
    const first = await world.deploy();
    const again = await world.deploy({ release: first.release });
    writeFileSync(join(world.home("web1"), "mended"), "");
    const retried = await world.deploy({ release: first.release, migration: { retry: true } });
    expect([first.result, again.result, retried.result, count()]).toEqual([
      "failed",
      "failed",
      "deployed",
      2,
    ]);
    expect(again.problems[0]?.message).toContain("in an earlier run");
  });

  test("killed by a signal is never success", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting("kill -KILL $$") };
    const report = await world.deploy();
    expect([report.result, report.problems[0]?.code]).toEqual(["failed", "migration-failed"]);
    expect(report.problems[0]?.message).toContain("signal 9, perhaps out of memory");
  });

  test("whose runner was killed is lost: nothing is activated until a person says what it came to", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting('kill -KILL -"$(ps -o pgid= $$ | tr -d " ")"') };
    const lost = await world.deploy();
    const again = await world.deploy({ release: lost.release });
    const done = await world.deploy({ release: lost.release, migration: { resolve: "done" } });
    expect([lost, again, done].map(({ result, problems }) => [result, problems[0]?.code])).toEqual([
      ["failed", "job-lost"],
      ["failed", "job-lost"],
      ["deployed", undefined],
    ]);
    expect(count()).toBe(1);
  });
});

test("a migration whose exit code cannot be read is damaged, not done", async () => {
  world = makeWorld();
  world.config = { ...world.config, migrate: counting("true") };
  const { release } = await world.deploy({ phases: ["prepare", "data"] });
  writeFileSync(join(world.home("web1"), `shop/.deploy/jobs/migrate-${release}/rc`), "1 0\n");
  const report = await world.deploy({ release });
  expect([report.result, report.problems.map(({ code }) => code), count()]).toEqual([
    "failed",
    ["job-damaged"],
    1,
  ]);
});

test("a silent migration is asked what it waits for", async () => {
  world = makeWorld();
  const diagnose = "echo session 17 holds orders; echo since 10:02";
  world.config = { ...world.config, migrate: { ...counting(gate), silence: 1_000, diagnose } };
  const running = world.deploy();
  const told = () => notes().find((text) => text.includes("last line: began"));
  while (told() === undefined) await tick();
  letGo();
  const report = await running;
  expect([report.result, told()?.replace(/\d+ s, process \d+/, "N s, process P")]).toEqual([
    "deployed",
    "no output of the migration for N s, process P alive, last line: began; it waits for: session 17 holds orders; since 10:02",
  ]);
});

describe("cancelling a migration", () => {
  const cancelled = async (onCancel: "keep" | "terminate") => {
    world = makeWorld();
    world.config = { ...world.config, migrate: { ...counting(gate), onCancel } };
    const cancel = new AbortController();
    const running = world.deploy({ signal: cancel.signal, phases: ["prepare", "data"], owner: owner("41") });
    while (count() === 0) await tick();
    cancel.abort();
    return running;
  };

  test("leaves it running, keeps the lock, and the same release attaches to it", async () => {
    const first = await cancelled("keep");
    const other = await world.deploy({ owner: owner("42"), commit: "b".repeat(40) });
    letGo();
    const again = await world.deploy({ release: first.release, owner: owner("41") });
    expect([first.result, other.result, again.result, count()]).toEqual([
      "cancelled",
      "locked",
      "deployed",
      1,
    ]);
  });

  test("ends it where the config says so", async () => {
    const first = await cancelled("terminate");
    expect([first.result, first.problems[0]?.code, count()]).toEqual(["cancelled", "job-ended", 1]);
  });
});

describe("a renewal of the lock that fails", () => {
  const refusing =
    (code: number, word: string): Fault =>
    (inner) => ({
      ...inner,
      host: inner.host,
      http: (probe, signal) => inner.http(probe, signal),
      close: () => inner.close(),
      exec: async (command, options) => {
        if (!command.name.startsWith("lock renew")) return inner.exec(command, options);
        const hex = Buffer.from("told by the host").toString("hex");
        const stdout = `\n--deploy-begin--\nerror ${word} ${hex}\n--deploy-end-- ${code}\n`;
        return { status: "exited", code, stdout, stderr: "", dropped: 0 };
      },
    });

  test.each([
    [75, "lock-busy", "deployed", "the lock could not be renewed: told by the host"],
    [73, "disk-full", "deployed", "the lock could not be renewed: told by the host"],
    [76, "fenced", "failed", "lock lost: told by the host"],
  ])("code %d, %s: %s", async (code, word, result, note) => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting("true") };
    world.faults.set("web1", refusing(code, word));
    const report = await world.deploy();
    expect([report.result, notes()]).toEqual([result, [note]]);
    expect(report.problems.map((problem) => problem.code)).toEqual(result === "failed" ? [word] : []);
  });
});

describe("another leader in the config while a run migrates", () => {
  test("refuses, or waits: no second migration runs beside the first", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting(gate) };
    const first = world.deploy({ owner: owner("41") });
    while (count() === 0) await tick();
    world.config = { ...world.config, leader: "web2" };
    const other = { owner: owner("42"), commit: "b".repeat(40) };
    const refused = await world.deploy(other);
    expect([refused.result, refused.problems.map(({ code, place }) => [code, place.host])]).toEqual([
      "failed",
      [["job-running", "web1"]],
    ]);
    const waiting = world.deploy({ ...other, lockWait: 300_000 });
    while (!notes().some((text) => text.startsWith("waiting: job migrate-"))) await tick();
    expect(existsSync(join(world.home("web2"), "count"))).toBe(false);
    letGo();
    expect([(await first).result, (await waiting).result]).toEqual(["deployed", "deployed"]);
  });

  test("a lock that another run holds there refuses as well, until its lease is over", async () => {
    world = makeWorld();
    await world.deploy({ owner: owner("41"), phases: ["prepare"], keepLock: true });
    world.config = { ...world.config, leader: "web2" };
    const refused = await world.deploy({ owner: owner("42"), commit: "b".repeat(40) });
    expect([refused.result, refused.problems.map(({ code, place }) => [code, place.host])]).toEqual([
      "locked",
      [["locked", "web1"]],
    ]);
  });
});

describe("waiting for the lock", () => {
  test("names the holder and goes on as soon as it is free", async () => {
    world = makeWorld();
    world.config = { ...world.config, prepare: [{ run: `: >~/begun; ${gate}`, roles: [] }] };
    const first = world.deploy({ owner: owner("41") });
    while (!existsSync(join(world.home("web1"), "begun"))) await tick();
    const second = world.deploy({ owner: owner("42"), commit: "b".repeat(40), lockWait: 300_000 });
    while (!notes().some((text) => text.startsWith("waiting: run 41"))) await tick();
    letGo();
    expect([(await first).result, (await second).result]).toEqual(["deployed", "deployed"]);
  });

  test("a holder whose run is over is taken over, and fenced when it comes back", async () => {
    world = makeWorld();
    const first = await world.deploy({ owner: owner("41"), phases: ["prepare"], keepLock: true });
    const isOver = async ({ run }: { run: string }) => run === "41";
    const second = await world.deploy({ owner: owner("42"), commit: "b".repeat(40), isOver });
    expect([first.result, second.result]).toEqual(["prepared", "deployed"]);
  });

  test("never while its migration runs: that is followed first", async () => {
    world = makeWorld();
    world.config = { ...world.config, migrate: counting(gate) };
    const cancel = new AbortController();
    const first = world.deploy({ owner: owner("41"), signal: cancel.signal });
    while (count() === 0) await tick();
    cancel.abort();
    const { release } = await first;
    const second = world.deploy({ owner: owner("42"), release, isOver: async () => true });
    while (output() !== "began\nbegan\n") await tick();
    letGo();
    expect([(await second).result, count(), existsSync(join(world.home("web1"), "shop/current"))]).toEqual([
      "deployed",
      1,
      true,
    ]);
  });
});
