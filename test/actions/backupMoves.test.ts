import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mintSigningKeys } from "@deploy/backup";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { inputIn, moveOf, nameIn } from "./steps.ts";

// As nextMoves, of steps that make backups and bring them back.

let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet();
});
afterAll(() => fleet.close());
beforeEach(() => {
  job = fleet.job();
  mkdirSync(job.at("shared/uploads"), { recursive: true });
  writeFileSync(job.at("shared/uploads/photo.jpg"), "a photo\n");
  job.configure(
    "shared: { directories: [uploads] }\nmigrate: 'true'\nbackup: { database: files, paths: [uploads], store: backups, minimum-size: 1 }\n",
  );
});

const store = () => join(job.workspace, "backups");
const manifests = () => readdirSync(store()).filter((name) => name.endsWith(".json"));

/** The backups that are there are of another database. */
function replace(): void {
  for (const name of manifests()) {
    const manifest = JSON.parse(readFileSync(join(store(), name), "utf8"));
    const database = { ...manifest.database, name: "the one before" };
    writeFileSync(join(store(), name), JSON.stringify({ ...manifest, database }));
  }
}

test("a database that was replaced is said so by the input that is named, to each action that can meet it", async () => {
  await job.works("backup");
  replace();
  await job.works("backup", inputIn(moveOf(await job.step("backup"), "backup-identity")));
  replace();
  const over = { confirm: job.at("shared/uploads") };
  const restored = moveOf(await job.step("restore", over), "backup-identity");
  await job.works("restore", { ...over, ...inputIn(restored) });
  replace();
  await job.works("upload");
  await job.works("migrate", inputIn(moveOf(await job.step("migrate"), "backup-identity")));
});

test("a backup that is missing or altered is chosen from the list that is named, and confirmed by its name", async () => {
  await job.works("backup");
  const [good = ""] = manifests();
  const missing = moveOf(
    await job.step("restore", { backup: "20200101T000000Z-shop-0000" }),
    "backup-missing",
  );
  const listed = await job.desk(missing, "--json");
  const { backups } = JSON.parse(listed.out) as { readonly backups: readonly { readonly id: string }[] };
  const backup = backups[0]?.id ?? "";
  expect(`${backup}.json`).toBe(good);
  const refused = moveOf(await job.step("restore", { backup, confirm: "shop" }), "restore-confirm");
  const name =
    / is not the name (\S+?)"/.exec(refused)?.[1] ?? / is not the name (.+?)\. Give/.exec(refused)?.[1];
  await job.works("restore", { backup, [nameIn(refused)]: name ?? "" });
  const both = moveOf(await job.step("restore", { backup, confirm: "x", into: "y" }), "restore-confirm");
  expect(both).toMatch(/Give `into` for a new database/);
});

test.each([
  ["store-address", { store: "ftp://backups" }, /a folder's path/],
  ["store-folder", { store: "/elsewhere" }, /a folder below the workspace/],
  ["backup-empty", { "minimum-size": "1000000" }, /lower `minimum-size`/],
  ["backup-source", { paths: "upload" }, /Check the URL or the path/],
] as const)("%s: the value that is named is put right", async (code, given, told) => {
  expect(moveOf(await job.step("backup", given), code)).toMatch(told);
  await job.works("backup");
});

test("a backup that was altered is passed over for another that is listed, and goes where nothing is", async () => {
  await job.works("backup");
  const [first = ""] = manifests();
  await job.works("backup");
  const bad =
    manifests()
      .find((name) => name !== first)
      ?.replace(".json", "") ?? "";
  const object = readdirSync(store()).find((name) => name.startsWith(bad) && !name.endsWith(".json")) ?? "";
  const bytes = readFileSync(join(store(), object));
  writeFileSync(join(store(), object), bytes.fill(0, bytes.length >> 1));
  const damaged = moveOf(await job.step("restore", { backup: bad }), "backup-damaged");
  expect(damaged).toMatch(/Restore another backup/);
  const listed = JSON.parse((await job.desk(damaged, "--json")).out) as { backups: { id: string }[] };
  const backup = listed.backups.map(({ id }) => id).find((id) => id !== bad) ?? "";
  mkdirSync(job.at("shared/taken"));
  const exists = moveOf(
    await job.step("restore", { backup, into: job.at("shared/taken") }),
    "restore-exists",
  );
  expect(exists).toMatch(/Choose another name/);
  await job.works("restore", { backup, into: job.at("shared/other") });
});

test("what is to be backed up, and where to, is given as the inputs that are named", async () => {
  job.configure("shared: { directories: [uploads] }\n");
  const move = moveOf(await job.step("backup"), "backup-unconfigured");
  const [, database = "", store = ""] = /`([a-z]+)` and `([a-z]+)` into the config/.exec(move) ?? [];
  await job.works("backup", {
    [database]: "files",
    [store]: "backups",
    paths: "uploads",
    "minimum-size": "1",
  });
});

test("the key that signs is given as the input that is named, and what it did not sign comes back as is said", async () => {
  const earlier = (await job.works("backup")).outputs["backup-id"] ?? "";
  const { privateKey, publicKey } = mintSigningKeys();
  const signedBy = { "signed-by": publicKey };
  const key = nameIn(moveOf(await job.step("backup", signedBy), "backup-signing-key"));
  const made = await job.works("backup", { ...signedBy, [key]: privateKey });
  expect((await job.works("restore", signedBy)).outputs["backup-id"]).toBe(made.outputs["backup-id"]);
  const unsigned = moveOf(await job.step("restore", { ...signedBy, backup: earlier }), "backup-unsigned");
  await job.works("restore", { ...signedBy, backup: earlier, into: job.at("again"), ...inputIn(unsigned) });

  job.configure(`shared: { directories: [uploads] }
migrate: 'true'
backup: { database: files, paths: [uploads], store: backups, minimum-size: 1, signed-by: [${publicKey}] }
`);
  await job.works("upload");
  const refused = moveOf(await job.step("migrate"), "backup-signing-key");
  await job.works("migrate", { [nameIn(refused)]: privateKey });
  expect(JSON.parse(readFileSync(join(store(), manifests().sort().at(-1) ?? ""), "utf8"))).toMatchObject({
    signature: { key: publicKey },
  });
});
