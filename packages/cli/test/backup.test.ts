import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostTree } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { recordedIo } from "./io.ts";
import { openShop, type Shop } from "./shop.ts";

let shop: Shop;
let uploads: string;
beforeEach(async () => {
  shop = await openShop();
  const shared = join(shop.servers[0].root, "shop/shared");
  uploads = join(shared, "uploads");
  mkdirSync(uploads, { recursive: true });
  writeFileSync(join(uploads, "photo 1.jpg"), "a photo\n");
  configure("backup: { database: files, paths: [uploads], store: backups, minimum-size: 1, keep: 2 }\n");
});
afterEach(() => shop.close());

const config = () => join(shop.folder, ".github/deploy.yml");
const original = () => readFileSync(config(), "utf8").replace(/^backup: .*\n/m, "");
const configure = (lines: string) => writeFileSync(config(), original() + lines);
const store = () => join(shop.folder, "backups");
const stored = () =>
  (existsSync(store()) ? readdirSync(store()) : []).filter((name) => !name.startsWith("."));
/** All servers, and the folder with the store in it. */
const everything = () => [...shop.servers.map(({ root }) => root), shop.folder].map((root) => hostTree(root));
const list = async (...args: readonly string[]) => shop.deploy(["backups", ...args]);

async function backUp(...args: readonly string[]): Promise<string> {
  const ran = await shop.deploy(["backup", "--json", ...args]);
  expect([ran.exitCode, ran.exitCode === 0 ? "" : ran.err]).toEqual([0, ""]);
  return (JSON.parse(ran.out) as { id: string }).id;
}

test("backup, list, and the line it prints brings the data back; what was there stays beside it", async () => {
  const made = await shop.deploy(["backup"]);
  expect([made.exitCode, made.err]).toEqual([0, expect.not.stringContaining("error")]);
  const [, line = ""] = made.out.match(/^To bring it back: deploy (restore .*)$/m) ?? [];
  const [, id = "", ...args] = line.split(" ");
  expect(stored().sort()).toEqual([`${id}.json`, expect.stringMatching(`^${id}\\.tar`)]);
  expect((await list()).out).toContain(id);

  writeFileSync(join(uploads, "photo 1.jpg"), "spoiled\n");
  const back = await shop.deploy(["restore", id, ...args]);
  expect([back.exitCode, back.exitCode === 0 ? "" : back.err]).toEqual([0, ""]);
  expect(readFileSync(join(uploads, "photo 1.jpg"), "utf8")).toBe("a photo\n");
  const [, previous = ""] = back.out.match(/What was there lies in (\S+) until/) ?? [];
  expect(readFileSync(join(previous, "uploads/photo 1.jpg"), "utf8")).toBe("spoiled\n");
  // And it was backed up before anything was touched.
  const { backups } = JSON.parse((await list("--json")).out) as { backups: readonly { id: string }[] };
  expect(backups.map(({ id: each }) => each === id)).toEqual([false, true]);
});

test("on a machine that GitHub throws away a store is no folder: refused before anything is touched", async () => {
  const before = everything();
  const env = { GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "github-hosted" };
  for (const command of [["backup"], ["run", "--yes"], ["backups"]]) {
    const ran = await shop.deploy(command, { env });
    expect([command[0], ran.exitCode, ran.err]).toEqual([
      command[0],
      expect.any(Number),
      expect.stringContaining("store-folder"),
    ]);
    expect(ran.exitCode).not.toBe(0);
  }
  expect(everything()).toEqual(before);
});

test("what a restore left is listed, and removed by its name and no other", async () => {
  const id = await backUp();
  const back = await shop.deploy(["restore", id, "--json", "--confirm", uploads]);
  const { previous = "" } = (JSON.parse(back.out) as { restored: { previous?: string } }).restored;
  const mine = `${uploads}_before_notours`;
  mkdirSync(mine);
  const left = async () =>
    (JSON.parse((await shop.deploy(["leftovers", "--json"])).out) as { left: { name: string }[] }).left;
  expect((await left()).map(({ name }) => name)).toEqual([previous]);
  const no = await shop.deploy(["leftovers", previous], { typed: "n\n" });
  const other = await shop.deploy(["leftovers", mine, "--yes"]);
  expect([no.exitCode, other.exitCode, other.err]).toEqual([
    130,
    1,
    expect.stringContaining("backup-missing"),
  ]);
  const gone = await shop.deploy(["leftovers", previous, "--yes"]);
  expect([gone.exitCode, gone.out]).toEqual([0, expect.stringContaining(`Removed ${previous}`)]);
  expect([await left(), existsSync(previous), existsSync(mine)]).toEqual([[], false, true]);
});

test("without --confirm it goes beside; latest is the newest; --json is one document", async () => {
  const id = await backUp();
  const before = hostTree(uploads, { mtime: true });
  const back = await shop.deploy(["restore", "latest", "--json"]);
  const { backup, restored } = JSON.parse(back.out) as { backup: { id: string }; restored: { name: string } };
  expect([back.exitCode, backup.id, hostTree(uploads, { mtime: true })]).toEqual([0, id, before]);
  expect(readFileSync(join(restored.name, "uploads/photo 1.jpg"), "utf8")).toBe("a photo\n");
});

test("dry runs change nothing and say what would be done", async () => {
  for (let number = 1; number < 3; number++) await backUp();
  const id = await backUp();
  const before = everything();
  const dry = await shop.deploy(["backup", "--dry-run"]);
  expect([dry.exitCode, dry.out, everything()]).toEqual([
    0,
    expect.stringMatching(/^Would back up .*\n {2}keep {3}.*\n {2}remove .*\n {2}keep {3}.* the first of /),
    before,
  ]);
  for (const args of [[], ["--confirm", uploads]]) {
    const back = await shop.deploy(["restore", id, "--dry-run", ...args]);
    expect([back.exitCode, back.out, everything()]).toEqual([0, expect.stringContaining(id), before]);
  }
});

test("old ones go, the newest and the first of the day stay; a store of its own is as good as the config's", async () => {
  const first = await backUp();
  await backUp();
  const [third, fourth] = [await backUp(), await backUp()];
  const ids = stored().flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
  expect(ids.sort()).toEqual([first, third, fourth].sort());
  const other = await backUp("--store", "elsewhere");
  expect((await list("--store", "elsewhere")).out).toContain(other);
  expect((await list()).out).not.toContain(other);
});

test("an empty store is a list too, and a leftover of a killed run is told", async () => {
  const empty = await list("--json");
  expect([empty.exitCode, JSON.parse(empty.out)]).toEqual([0, { backups: [], orphans: [], damaged: [] }]);
  const id = await backUp();
  rmSync(join(store(), `${id}.json`));
  expect((await list()).out).toContain("Data without a manifest");
});

test("with a key that keygen made backups are signed, and no other is the latest", async () => {
  const io = recordedIo({ cwd: shop.folder });
  expect(await main(["keygen"], io)).toBe(0);
  const [signedBy = ""] = io.out().match(/^ {2}signed-by: .*$/m) ?? [];
  const [key = ""] = io.out().match(/^-----BEGIN PRIVATE KEY-----\n[^-]*-----END PRIVATE KEY-----$/m) ?? [];
  const unsigned = await backUp();
  configure(
    `backup: { database: files, paths: [uploads], store: backups, minimum-size: 1, ${signedBy.trim()} }\n`,
  );
  const lacking = await shop.deploy(["backup"]);
  expect([lacking.exitCode, lacking.err]).toEqual([1, expect.stringContaining("backup-signing-key")]);
  writeFileSync(join(shop.folder, "secrets/signing.pem"), key);
  const id = await backUp("--signing-key", "secrets/signing.pem");
  expect((await list()).out).toContain(`without --unsigned:\n  ${unsigned}: it is not signed`);

  const back = await shop.deploy(["restore", "latest", "--dry-run"]);
  expect(back.out).toContain(`Backup ${id} of `);
  expect(back.out).toMatch(/\nMade by \S+@\S+, on \S+, at 20\S+ \S+; signed by MCowBQYDK2Vw/);
  const other = await shop.deploy(["restore", unsigned]);
  expect([other.exitCode, other.err]).toEqual([1, expect.stringContaining("backup-unsigned")]);
  expect((await shop.deploy(["restore", unsigned, "--unsigned"])).exitCode).toBe(0);

  // A deploy signs the backup before its migration, by the same variable.
  const env = { BACKUP_SIGNING_KEY: key };
  const ran = await shop.deploy(["run", "--yes", "--commit", "4f2a91c".padEnd(40, "0")], { env });
  expect([ran.exitCode, ran.exitCode === 0 ? "" : ran.err]).toEqual([0, ""]);
  const { backups } = JSON.parse((await list("--json")).out) as {
    backups: readonly { signature?: object }[];
  };
  expect(backups.map(({ signature }) => signature !== undefined)).toEqual([true, true, false]);
});

const mistakes: readonly (readonly [readonly string[], number, string])[] = [
  [["restore"], 2, "missing required argument"],
  [["restore", "20200101T000000Z-shop-0000"], 1, "backup-missing"],
  [["restore", "../../etc/passwd"], 1, "backup-missing"],
  [["restore", "latest", "--into", "a", "--confirm", "b"], 2, "cannot be used with"],
  [["restore", "latest", "--confirm", "shop"], 1, "restore-confirm"],
  [["restore", "latest", "--age-key", "secrets/key"], 2, "identity-missing"],
  [["backup", "--age-key", "nowhere"], 2, "identity-missing"],
  [["backup", "--environment", "nowhere"], 2, "nowhere"],
  [["backup", "--store", "ftp://host/x"], 2, "unknown scheme ftp"],
  [["backups", "--store", "ftp://host/x"], 2, "unknown scheme ftp"],
];
const unconfigured = [["backup"], ["backups"], ["restore", "latest"]];

test("mistakes have their exit code and their words, and touch nothing", async () => {
  await backUp();
  const before = everything();
  for (const [args, exitCode, words] of mistakes) {
    const ran = await shop.deploy(args);
    expect([args, ran.exitCode, ran.out + ran.err]).toEqual([args, exitCode, expect.stringContaining(words)]);
  }
  expect(everything()).toEqual(before);
  configure("");
  for (const args of unconfigured) {
    const ran = await shop.deploy(args);
    expect([args, ran.exitCode, ran.err]).toEqual([args, 2, expect.stringContaining("backup-unconfigured")]);
  }
});
