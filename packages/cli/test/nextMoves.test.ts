import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorCode, Problem, Report } from "@deploy/core";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { broken, mended } from "./broken.ts";
import { recordedIo } from "./io.ts";
import { migrationsOn, openShop, type Ran, type Shop } from "./shop.ts";

// What an error tells a person to do is read out of it here and done, and then it works.

const one = ["--commit", "1".repeat(40)];
const two = ["--commit", "2".repeat(40)];

const directory = mkdtempSync(join(tmpdir(), "moves-"));
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(directory);
});
beforeEach(() => shop.clear());
afterAll(async () => {
  await shop.close();
  rmSync(directory, { recursive: true });
});

/** What a command that is refused with `code` says to do. */
function moveOf({ out, exitCode }: Ran, code: ErrorCode): string {
  const { problems } = JSON.parse(out) as { readonly problems: readonly Problem[] };
  const found = problems.find((problem) => problem.code === code);
  expect([exitCode > 0, problems.map((problem) => problem.code)]).toEqual([
    true,
    expect.arrayContaining([code]),
  ]);
  return found?.hint ?? "";
}

/** The first flag that a hint names, as it is typed. */
const flagIn = (hint: string) => /--[a-z][a-z-]+(?: [a-z]+(?=`))?/.exec(hint)?.[0].split(" ") ?? [];

/** The `deploy` command that a hint names. */
const commandIn = (hint: string) =>
  /[`:] ?deploy ([a-z]+(?: --environment \S+)?)/.exec(hint)?.[1]?.split(" ") ?? [];

async function works(args: readonly string[]): Promise<Ran> {
  const ran = await shop.deploy(args);
  expect([args, ran.exitCode, ran.exitCode === 0 ? "" : ran.err + ran.out]).toEqual([args, 0, ""]);
  return ran;
}

const run = (...args: readonly string[]) => shop.deploy(["run", "--yes", "--json", ...args]);
const releaseOf = ({ out }: Ran) => (JSON.parse(out) as Report).release;
const file = () => join(shop.folder, ".github/deploy.yml");
const configure = (change: (text: string) => string) =>
  writeFileSync(file(), change(readFileSync(file(), "utf8")));
const page = (text: string) => writeFileSync(join(shop.folder, "page"), text);

/** A command for one of the hosts, run there as its user: `~` is the host's. */
function onHost(index: 0 | 1 | 2, command: string): void {
  const ran = spawnSync("sh", ["-c", command], { env: { ...process.env, HOME: shop.servers[index].root } });
  expect([command, ran.status, String(ran.stderr)]).toEqual([command, 0, ""]);
}

test.each(broken)("%s: changed as it says, the config has no mistake any more", async (code, spoil) => {
  const good = readFileSync(file(), "utf8");
  configure(spoil);
  const ran = await shop.deploy(["plan", "--json", ...one]);
  const told = moveOf(ran, code);
  const { problems } = JSON.parse(ran.out) as { readonly problems: readonly Problem[] };
  const { message = "", place } = problems.find((problem) => problem.code === code) ?? {};
  configure((bad) => mended(good, bad, `${place?.path} ${message} ${told}`, place?.line));
  await works(["plan", ...one]);
});

test("of several environments, the one that is listed is named by its flag", async () => {
  configure((text) => `${text}  staging: { hosts: [deploy@127.0.0.1] }\n`);
  const ran = await shop.deploy(["plan", "--json", ...one]);
  const [flag = ""] = flagIn(moveOf(ran, "config-environment"));
  await works(["plan", ...one, flag, "production"]);
});

test("what is missing on the command line is added to it", async () => {
  const add = flagIn(moveOf(await shop.deploy(["run", "--json", ...one]), "confirmation-missing"));
  const [commit = ""] = flagIn(moveOf(await run(), "commit-unknown"));
  expect([add, commit]).toEqual([["--yes"], "--commit"]);
  const anonymous = async (...args: readonly string[]) => {
    const io = recordedIo({ cwd: shop.folder, env: { PATH: process.env.PATH } });
    const pins = ["--known-hosts", "secrets/pins"];
    const exitCode = await main(["run", ...add, "--json", commit, "1".repeat(40), ...pins, ...args], io);
    return { exitCode, out: io.out(), err: io.err() };
  };
  const [identity = ""] = flagIn(moveOf(await anonymous(), "identity-missing"));
  expect((await anonymous(identity, "secrets/key")).exitCode).toBe(0);
});

test("a host without a line in known-hosts gets the line that is shown", async () => {
  const pins = join(shop.folder, "secrets/pins");
  const lines = readFileSync(pins, "utf8").split("\n");
  writeFileSync(pins, lines.slice(1).join("\n"));
  const hint = moveOf(await run(...one), "host-key-unknown");
  writeFileSync(pins, `${lines.slice(1).join("\n")}${/add the line: (.+)$/.exec(hint)?.[1]}\n`);
  await works(["run", "--yes", ...one]);
});

test("credentials are left out by the patterns that are shown, or allowed by name", async () => {
  writeFileSync(join(shop.folder, "own.pem"), "-----BEGIN PRIVATE KEY-----\n");
  const hint = moveOf(await run(...one), "credentials-found");
  const pattern = /exclude: \[(.+?)\]/.exec(hint)?.[1] ?? "";
  const good = readFileSync(file(), "utf8");
  configure((text) => text.replace("exclude: [", `exclude: [${pattern}, `));
  await works(["plan", ...one]);
  writeFileSync(file(), good);
  const [, key = ""] = /`(allow-[a-z]+)`/.exec(hint) ?? [];
  configure((text) => `${text}${key}: [own.pem]\n`);
  await works(["plan", ...one]);
});

test.each([
  ["current-not-a-link", (at: string) => mkdirSync(at, { recursive: true })],
  ["current-dangling", (at: string) => symlinkSync("releases/gone", at)],
  ["current-foreign", (at: string) => symlinkSync("/tmp", at)],
] as const)("%s: the command that is shown, run there, clears the way", async (code, spoil) => {
  const base = join(shop.servers[1].root, "shop");
  mkdirSync(base, { recursive: true });
  spoil(join(base, "current"));
  const hint = moveOf(await run(...one), code);
  onHost(1, /: ((?:mv|rm) .+)$/.exec(hint)?.[1] ?? "");
  await works(["run", "--yes", ...one]);
});

test("a shared file that is missing is made by the command that is shown", async () => {
  configure((text) => text.replace("[uploads] }", "[uploads], files: [.env] }"));
  writeFileSync(join(shop.folder, ".env"), "A=1\n");
  // Stands for ssh: the host is the one that HOME says.
  const bin = join(shop.folder, "secrets");
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n`, { mode: 0o755 });
  for (const index of [0, 1, 2] as const) {
    const hint = moveOf(await run(...one), "shared-missing");
    const command = /(ssh .+)$/.exec(hint)?.[1] ?? "";
    onHost(index, `cd ${shop.folder} && PATH=${bin}:$PATH && ${command}`);
  }
  await works(["run", "--yes", ...one]);
});

test("a release that is held goes on, or back, by the commands that the report and the status name", async () => {
  await works(["run", "--yes", ...one]);
  const canary = "strategy: canary\n  canary: { hosts: 1, soak: 20ms, interval: 10ms, then: hold }";
  configure((text) => text.replace("activate:", `activate:\n  ${canary}`));
  for (const verb of ["run", "rollback"]) {
    const [first, , third] = shop.live();
    page(verb);
    const held = await run(...two);
    const { result, release, next } = JSON.parse(held.out) as Report;
    expect([held.exitCode, result, shop.live()]).toEqual([6, "held", [first, release, third]]);
    const move = next.find((line) => line.startsWith(`deploy ${verb} `)) ?? "";
    // Where a sentence names it, the login is left out.
    const named = move.replace(/ --identity-file.*/, "");
    expect((await shop.deploy(["status"])).out).toContain(`\`${named}\``);
    await works([...move.split(" ").slice(1), "--yes", ...(verb === "run" ? two : [])]);
    const then = verb === "run" ? release : first;
    expect(shop.live()).toEqual([then, then, then]);
  }
});

test("a rollback that cannot be goes to one that is possible, after a deploy where there was none", async () => {
  expect(moveOf(await shop.deploy(["rollback", "--yes", "--json"]), "nothing-live")).toMatch(
    /^Deploy first\b/,
  );
  const first = releaseOf(await run(...one));
  page("two\n");
  await works(["run", "--yes", ...two]);
  const hint = moveOf(await shop.deploy(["rollback", "nowhere", "--yes", "--json"]), "rollback-target");
  await works(["rollback", /Possible: (\S+?)[.,]/.exec(hint)?.[1] ?? "", "--yes"]);
  expect(shop.live()).toEqual([first, first, first]);
});

test("a lock is taken by the command that is named, and a freeze ended", async () => {
  await works(["run", "--yes", ...one]);
  const state = join(shop.servers[0].root, "shop/.deploy/lock/state");
  writeFileSync(
    state,
    `1 40 ${Math.floor(Date.now() / 1000) + 600} org/shop/41 org/shop 41 1 ann abc migrate\n`,
  );
  page("two\n");
  expect(moveOf(await run(...two), "locked")).toMatch(/\bunlock\b/);
  await works(["unlock", "--yes"]);
  await works(["run", "--yes", ...two]);
  await works(["freeze", "stock taking"]);
  page("three\n");
  const hint = moveOf(await run("--commit", "3".repeat(40)), "frozen");
  await works(commandIn(hint));
  await works(["run", "--yes", "--commit", "3".repeat(40)]);
});

test.each([
  ["state", 0, "?\n"],
  ["adopted", 0, ""],
  ["adopted", 1, "1 x\n"],
  ["adopted", 1, "1 9007199254740990 ann\n"],
  ["frozen", 0, "?\n"],
] as const)(
  "a lock's file that cannot be read or believed (%s on %i: %j) is mended by the command that is named",
  async (name, index, text) => {
    await works(["run", "--yes", ...one]);
    const lock = join(shop.servers[index].root, "shop/.deploy/lock", name);
    writeFileSync(lock, text);
    page("two\n");
    await works([
      ...commandIn(moveOf(await run(...two), "lock-corrupt")),
      ...(name === "frozen" ? [] : ["--yes"]),
    ]);
    await works(["run", "--yes", ...two]);
  },
);

const failing = "migrate: '[ -e ~/go ] || exit 3; echo migrated >>~/migrations'";

test.each(["migration-failed", "job-lost", "job-damaged"] as const)(
  "%s: the flag that is named runs it again",
  async (code) => {
    configure((text) => text.replace(/^migrate: .*$/m, failing));
    expect((await run(...one)).exitCode).toBe(1);
    writeFileSync(join(shop.servers[0].root, "go"), "");
    const jobs = join(shop.servers[0].root, "shop/.deploy/jobs");
    for (const job of readdirSync(jobs)) {
      if (code === "job-lost") rmSync(join(jobs, job, "rc"));
      if (code === "job-damaged") writeFileSync(join(jobs, job, "rc"), "?\n");
    }
    const flag = flagIn(moveOf(await run(...one), code));
    await works(["run", "--yes", ...one, ...flag]);
    expect(migrationsOn(shop.servers[0])).toBe(1);
  },
);

/** A photo on the leader, and where backups of it go. */
function withBackups(): string {
  const uploads = join(shop.servers[0].root, "shop/shared/uploads");
  mkdirSync(uploads, { recursive: true });
  writeFileSync(join(uploads, "photo.jpg"), "a photo\n");
  const backup = "backup: { database: files, paths: [uploads], store: backups, minimum-size: 1 }\n";
  configure((text) => `${text.replace("exclude: [", "exclude: [/backups, ")}${backup}`);
  return uploads;
}

test("a database that was replaced is said so by the flag that is named, to each command that can meet it", async () => {
  const shared = withBackups();
  const store = join(shop.folder, "backups");
  await works(["backup"]);
  const replace = () => {
    for (const name of readdirSync(store).filter((each) => each.endsWith(".json"))) {
      const manifest = JSON.parse(readFileSync(join(store, name), "utf8"));
      const database = { ...manifest.database, name: "the one before" };
      writeFileSync(join(store, name), JSON.stringify({ ...manifest, database }));
    }
  };
  const commands = [["run", "--yes", ...one], ["backup"], ["restore", "latest", "--confirm", shared]];
  for (const command of commands) {
    replace();
    const flag = flagIn(moveOf(await shop.deploy([...command, "--json"]), "backup-identity"));
    await works([...command, ...flag]);
  }
});

test("a backup whose manifest was altered is passed over for another of the list that is named", async () => {
  withBackups();
  await works(["backup"]);
  const [good = ""] = readdirSync(join(shop.folder, "backups")).filter((name) => name.endsWith(".json"));
  await works(["backup"]);
  const all = readdirSync(join(shop.folder, "backups")).filter((name) => name.endsWith(".json"));
  const bad = all.find((name) => name !== good) ?? "";
  writeFileSync(join(shop.folder, "backups", bad), "{");
  const refused = await shop.deploy(["restore", bad.replace(".json", ""), "--json"]);
  const listed = await works([...commandIn(moveOf(refused, "backup-manifest")), "--json"]);
  const { backups } = JSON.parse(listed.out) as { readonly backups: readonly { readonly id: string }[] };
  expect(backups.map(({ id }) => `${id}.json`)).toEqual([good]);
  await works(["restore", backups[0]?.id ?? ""]);
});

test("a backup that is missing is chosen from the list that is named, and confirmed by the name that is shown", async () => {
  withBackups();
  await works(["backup"]);
  const missing = await shop.deploy(["restore", "20200101T000000Z-shop-0000", "--json"]);
  const listed = await works([...commandIn(moveOf(missing, "backup-missing")), "--json"]);
  const restore = ["restore", (JSON.parse(listed.out) as { backups: { id: string }[] }).backups[0]?.id ?? ""];
  const refused = await shop.deploy([...restore, "--confirm", "shop", "--json"]);
  const [flag = ""] = flagIn(moveOf(refused, "restore-confirm"));
  await works([...restore, flag, / is not the name ([^"]+)"/.exec(refused.out)?.[1] ?? ""]);
});
