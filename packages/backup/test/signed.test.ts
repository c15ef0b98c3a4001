import { createPrivateKey, sign } from "node:crypto";
import { type Backup, type DeployError, Secret } from "@deploy/core";
import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  type BackupManifest,
  findBackup,
  listBackups,
  makeBackup,
  mintSigningKeys,
  planRetention,
  renderBackupsText,
  renderRestored,
} from "../src/index.ts";
import { failed, keysIn, manifest, played } from "./fakes/request.ts";
import { type MemoryStore, memoryStore } from "./fakes/store.ts";

const ours = mintSigningKeys();
const others = mintSigningKeys();
const signedBy = [ours.publicKey];
const signing = { signedBy, signingKey: new Secret(ours.privateKey), by: "octocat" };
const asked = { app: "shop", environment: "production", backup: { signedBy } as unknown as Backup };

describe("a key that cannot sign ends it before anything is looked at", () => {
  test.each<[string, Partial<Parameters<typeof played>[1]>, RegExp]>([
    ["none", {}, /and no key to sign with was given$/],
    ["another's", { signingKey: new Secret(others.privateKey) }, /^The signing key is that of MCow/],
    ["no key", { signingKey: new Secret("hunter2") }, /no Ed25519 key in PEM/],
    ["the public half", { signingKey: new Secret(ours.publicKey) }, /no Ed25519 key in PEM/],
  ])("%s", async (_, change, message) => {
    const request = played({}, { signedBy, ...change });
    expect(await failed(request)).toEqual(["backup-signing-key", expect.stringMatching(message)]);
    expect([request.transport.ran, keysIn(request.store)]).toEqual([[], []]);
  });
});

describe("where the config says who signs", () => {
  let store: MemoryStore;
  let made: BackupManifest;
  beforeEach(async () => {
    store = memoryStore();
    made = await makeBackup(played({}, { store, ...signing }));
  });
  const find = (id: string, more = {}) => findBackup({ ...asked, store, id, ...more });
  const refused = (id: string, more = {}) =>
    find(id, more).then(
      ({ id: found }) => ["found", found],
      (error: DeployError) => [error.problem.code, error.problem.message],
    );
  const plant = async (planted: BackupManifest) => {
    await store.put(`${planted.id}.json`, Buffer.from(JSON.stringify(planted)), { overwrite: true });
    await store.put(planted.stored.key, Buffer.alloc(planted.stored.size), { overwrite: true });
    return planted.id;
  };
  const later = manifest({ id: "20261130T084450Z-shop-0bad" });

  test("what we made is taken, and says who made it, where and when", async () => {
    expect([(await find("latest")).id, await find(made.id)]).toEqual([made.id, made]);
    expect(renderRestored({ backup: made, restored: { name: "shop_2", tables: 0 } })).toBe(
      `Restored ${made.id} as shop_2. Made by octocat in 4711, on db1, at 2026-11-21 08:44; signed by ${ours.publicKey}.`,
    );
  });

  test("a newer one that somebody put there is not the latest, and by its id only where that is said", async () => {
    const id = await plant(later);
    expect((await find("latest")).id).toBe(made.id);
    expect(await refused(id)).toEqual(["backup-unsigned", `${id} is not brought back: it is not signed`]);
    expect(await find(id, { unsigned: true })).toEqual(later);
    expect((await refused("latest", { unsigned: true }))[0]).toBe("backup-unsigned");
    expect(renderBackupsText(await listBackups(store), new Date(), signedBy)).toContain(
      `Not brought back without --unsigned:\n  ${id}: it is not signed`,
    );
    // Where nobody is asked for, it is what it always was.
    expect((await find("latest", { backup: {} })).id).toBe(id);
  });

  test("one that another key signed is none", async () => {
    const key = new Secret(others.privateKey);
    const now = new Date("2026-11-29T08:44:50Z");
    const id = (await makeBackup(played({}, { store, signingKey: key, now }))).id;
    const why = `it is signed by ${others.publicKey}, \`signed-by\` names ${ours.publicKey}`;
    expect(await refused(id)).toEqual(["backup-unsigned", `${id} is not brought back: ${why}`]);
    const both = { backup: { signedBy: [others.publicKey, ours.publicKey] } };
    expect((await find("latest", both)).id).toBe(id);
  });

  const moved = "20261130T084450Z-shop-7777";
  test.each<[string, (signed: BackupManifest) => object]>([
    ["id and keys", ({ stored }) => ({ id: moved, stored: { ...stored, key: `${moved}.dump.gz` } })],
    ["app", () => ({ app: "blog" })],
    ["environment", () => ({ environment: "staging" })],
    ["time", () => ({ created: "2026-11-30T08:44:50.000Z" })],
    ["size", ({ stored }) => ({ stored: { ...stored, size: stored.size + 1 } })],
    ["hash", ({ stored }) => ({ stored: { ...stored, sha256: "d".repeat(64) } })],
    ["hash of the dump", ({ plain }) => ({ plain: { ...plain, sha256: "d".repeat(64) } })],
    ["proofs", ({ proofs }) => ({ proofs: [...proofs, "restored"] })],
    [
      "recipients",
      () => ({ recipients: ["age1x"], stored: { ...made.stored, key: `${made.id}.dump.gz.age` } }),
    ],
    ["maker", () => ({ by: "hubot" })],
    ["run", () => ({ run: "4712" })],
    ["host", () => ({ host: "db2" })],
    ["database", ({ database }) => ({ database: { ...database, name: "blog" } })],
    ["live release", () => ({ live: "20261120T084400Z-aaaaaaa" })],
    [
      "globals",
      ({ plain, stored }) => ({
        globals: { plain, stored: { ...stored, key: `${made.id}.globals.sql.gz` } },
      }),
    ],
    [
      "signature",
      ({ signature }) => ({
        signature: {
          ...signature,
          value: sign(null, Buffer.from("x"), createPrivateKey(ours.privateKey)).toString("base64"),
        },
      }),
    ],
  ])("another %s under the old signature is refused", async (_, change) => {
    const forged = { ...made, ...change(made) } as BackupManifest;
    await plant(forged);
    const owner = { app: forged.app, environment: forged.environment };
    expect(await refused(forged.id, owner)).toEqual([
      "backup-unsigned",
      expect.stringContaining("its signature does not fit: it was altered after it was signed"),
    ]);
  });

  test("a true one of another app or environment is a replay, and brought back where its owner is named", async () => {
    const why = `${made.id} is not brought back: it is of shop/production, not of shop/staging`;
    const there = { environment: "staging" };
    expect(await refused(made.id, there)).toEqual(["backup-unsigned", why]);
    expect((await refused("latest", there))[0]).toBe("backup-missing");
    for (const id of ["latest", made.id]) {
      expect((await find(id, { ...there, of: "shop/production" })).id).toBe(made.id);
    }
  });

  test("a planted one stops no backup of ours, and pushes none out", async () => {
    const days = [22, 23, 24].map((day) => manifest({ id: `202611${day}T084450Z-shop-0bad` }));
    const planted = days.map((each) => ({ ...each, database: { ...each.database, identity: "1" } }));
    for (const each of planted) await plant(each);
    const now = new Date("2026-11-25T08:44:50Z");
    const second = await makeBackup(played({}, { store, ...signing, now }));
    const { backups } = await listBackups(store);
    const verdicts = planRetention(backups, { ...asked, keep: 2, signedBy }, now);
    const kept = verdicts.filter(({ keep }) => keep).map(({ id }) => id);
    expect([kept.includes(made.id), kept.includes(second.id)]).toEqual([true, true]);
    // The others age as if there were no signatures, ours among them.
    expect(kept).toEqual([second.id, planted[2]?.id, made.id]);
  });
});
