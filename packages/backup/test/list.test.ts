import { describe, expect, test } from "@jest/globals";
import { type BackupManifest, listBackups, parseBackupManifest, readBackup } from "../src/index.ts";
import { manifest } from "./fakes/request.ts";
import { type MemoryStore, memoryStore } from "./fakes/store.ts";

const one = manifest({ id: "20261121T084450Z-shop-7f3a", release: "r1" });
const two = manifest({ id: "20261122T084450Z-shop-0001" });

async function keep(store: MemoryStore, each: BackupManifest): Promise<void> {
  await store.put(`${each.id}.json`, Buffer.from(JSON.stringify(each)), { overwrite: false });
  await store.put(each.stored.key, Buffer.alloc(each.stored.size), { overwrite: false });
}

describe("what is in a store", () => {
  test("newest first, orphans and damage apart, foreign objects not looked at", async () => {
    const store = memoryStore();
    await keep(store, one);
    await keep(store, two);
    const put = (key: string, text: string): Promise<unknown> =>
      store.put(key, Buffer.from(text), { overwrite: false });
    await put("20261123T084450Z-shop-0002.dump.zst.age", "no manifest");
    await put("20261123T084450Z-shop-0003.json", "{}");
    await put(
      "20261123T084450Z-shop-0004.json",
      JSON.stringify(manifest({ id: "20261123T084450Z-shop-0004" })),
    );
    await put(
      "20261123T084450Z-shop-0005.json",
      JSON.stringify(manifest({ id: "20261123T084450Z-shop-0005" })),
    );
    await put("20261123T084450Z-shop-0005.dump.gz", "short");
    await put("20261123T084450Z-shop-0006.json", " ".repeat(70_000));
    for (const key of ["package.json", "notes.txt", "2026.json", "shop/20261121T084450Z-shop-7f3a.json"]) {
      await put(key, "foreign");
    }
    expect(await listBackups(store)).toEqual({
      backups: [two, one],
      orphans: ["20261123T084450Z-shop-0002.dump.zst.age"],
      damaged: [
        {
          key: "20261123T084450Z-shop-0003.json",
          why: "The manifest 20261123T084450Z-shop-0003.json cannot be used: schema is no whole number",
        },
        {
          key: "20261123T084450Z-shop-0004.json",
          why: "its data, 20261123T084450Z-shop-0004.dump.gz, is not there",
        },
        {
          key: "20261123T084450Z-shop-0005.json",
          why: "its data, 20261123T084450Z-shop-0005.dump.gz, has 5 bytes instead of 10",
        },
        { key: "20261123T084450Z-shop-0006.json", why: "it has 70000 bytes" },
      ],
    });
  });

  test("nothing at all, and what is removed meanwhile", async () => {
    const store = memoryStore();
    expect(await listBackups(store)).toEqual({ backups: [], orphans: [], damaged: [] });
    await keep(store, one);
    const { read } = store;
    store.read = (key, range) => {
      store.objects.clear();
      return read(key, range);
    };
    expect((await listBackups(store)).backups).toEqual([]);
  });

  test("one by its id", async () => {
    const store = memoryStore();
    await keep(store, one);
    expect(await readBackup(store, one.id)).toEqual(one);
    for (const id of [two.id, "../secrets", ""]) {
      await expect(readBackup(store, id)).rejects.toMatchObject({ problem: { code: "backup-missing" } });
    }
  });
});

describe("a manifest that somebody else wrote", () => {
  const parse = (change: object): unknown => {
    try {
      return parseBackupManifest(JSON.stringify({ ...one, ...change }), one.id);
    } catch (error) {
      return (error as Error).message.replace(`The manifest ${one.id}.json cannot be used: `, "");
    }
  };

  test("unknown fields and proofs are left out", () => {
    expect(parse({ extra: 1, proofs: ["read-back", "dreamt", "parsed"] })).toEqual(one);
  });

  test.each([
    [{ schema: 2 }, "it has the format 2, this version reads 1"],
    [{ id: two.id }, "it is another backup's"],
    [{ app: "../x" }, "app is not as we write it"],
    [{ environment: 7 }, "environment is not as we write it"],
    [{ created: "yesterday" }, "created is not as we write it"],
    [{ created: "2026-13-41T00:00:00Z" }, "created is no time"],
    [{ release: "a\nb" }, "release is not as we write it"],
    [{ database: null }, "database is no object"],
    [
      { database: { ...one.database, kind: "oracle" } },
      "database/kind is none of postgres, mysql, mariadb, sqlite, files, command",
    ],
    [{ database: { ...one.database, tables: -1 } }, "database/tables is no whole number"],
    [{ recipients: ["age1x", 3] }, "recipients/1 is not as we write it"],
    [{ recipients: "age1x" }, "recipients is no list"],
    [{ plain: { size: 1e300, sha256: one.plain.sha256 } }, "plain/size is no whole number"],
    [{ stored: { ...one.stored, sha256: "c".repeat(63) } }, "stored/sha256 is not as we write it"],
    [{ stored: { ...one.stored, key: "../../etc/passwd" } }, "stored/key is not the object of this backup"],
    [{ stored: { ...one.stored, key: two.stored.key } }, "stored/key is not the object of this backup"],
    [{ recipients: ["age1x"] }, "stored/key is not the object of this backup"],
    [{ run: "x".repeat(5000) }, "run is not as we write it"],
  ])("%j", (change, why) => {
    expect(parse(change)).toBe(why);
  });

  test.each(["", "{", "null", "[]", '"x"', `{"__proto__":{"schema":1}}`, "[".repeat(60_000)])(
    "%#",
    (text) => {
      expect(() => parseBackupManifest(text, one.id)).toThrow("cannot be used");
    },
  );
});
