import { gunzipSync } from "node:zlib";
import { DeployError, Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import {
  applyRetention,
  type BackupManifest,
  type BackupRequest,
  decryptWith,
  listBackups,
  makeBackup,
  type Progress,
  parseBackupManifest,
  renderBackupText,
  renderRestored,
  restoreBackup,
  sourceOf,
} from "../src/index.ts";
import { collect, dumped, hex, ok, type Play, playedHost } from "./fakes/host.ts";
import { failed, keysIn, manifest, plain, played, postgres } from "./fakes/request.ts";
import { type MemoryStore, memoryStore, slices, tamper } from "./fakes/store.ts";

const identity = new Secret(await generateIdentity());
const recipient = await identityToRecipient(identity.reveal());
const roles = Buffer.from("CREATE ROLE shop;\n");

const isGlobals: (args: readonly string[]) => boolean = (args) => args[3] === "globals";
const either =
  (globals: Play, data: Play = dumped(plain)): Play =>
  (call) =>
    isGlobals(call.args) ? globals(call) : data(call);
const asked = (
  change: Partial<BackupRequest> = {},
  dump = either(dumped(roles)),
): ReturnType<typeof played> =>
  played({ dump }, { source: { ...postgres, globals: true } as typeof postgres, ...change });
const broken: Play = async () => ({
  status: "exited",
  code: 65,
  stderr: `\n--deploy-begin--\nerror backup-failed ${hex("pg_dumpall: permission denied")}\n--deploy-end-- 65\n`,
});
const kept = (id: string): BackupManifest =>
  manifest({
    id,
    globals: {
      plain: { size: 40, sha256: "d".repeat(64) },
      stored: { key: `${id}.globals.sql.gz`, size: 20, sha256: "e".repeat(64) },
    },
  });
const one = kept("20261121T084450Z-shop-7f3a");

describe("roles and tablespaces beside the dump", () => {
  test("an object of their own, smaller than any database may be, named by the manifest", async () => {
    const told: Progress[] = [];
    const request = asked({ onProgress: (each) => told.push(each) });
    const made = await makeBackup(request);
    expect(keysIn(request.store)).toEqual([
      `${made.id}.dump.gz`,
      `${made.id}.globals.sql.gz`,
      `${made.id}.json`,
    ]);
    const { bytes = Buffer.alloc(0) } =
      (request.store as MemoryStore).objects.get(`${made.id}.globals.sql.gz`) ?? {};
    expect(gunzipSync(bytes)).toEqual(roles);
    expect(made.globals).toEqual({
      plain: { size: roles.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      stored: {
        key: `${made.id}.globals.sql.gz`,
        size: bytes.length,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(request.transport.calls.map(({ args }) => [args[0], isGlobals(args)])).toEqual([
      ["inspect", false],
      ["dump", true],
      ["dump", false],
    ]);
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual(["dump", "verify"]);
    expect(await listBackups(request.store)).toEqual({ backups: [made], orphans: [], damaged: [] });
  });

  test("encrypted like the dump", async () => {
    const request = asked({ recipients: [recipient], identity });
    const made = await makeBackup(request);
    const key = `${made.id}.globals.sql.gz.age`;
    expect(made.globals?.stored.key).toBe(key);
    const { bytes = Buffer.alloc(0) } = (request.store as MemoryStore).objects.get(key) ?? {};
    const opened = await collect(decryptWith(identity, [recipient])(from(bytes)));
    expect(gunzipSync(opened)).toEqual(roles);
  });

  test("not unless they are asked for", async () => {
    const request = played();
    expect(await makeBackup(request)).not.toHaveProperty("globals");
    expect(request.transport.ran).toEqual(["inspect", "dump"]);
    const url = new Secret("postgres://shop@db/shop");
    const source = (globals?: boolean) =>
      sourceOf(
        { database: "postgres", urlSecret: "URL", ...(globals === undefined ? {} : { globals }) },
        { base: "/srv", url },
      );
    expect([source(), source(false), source(true)]).toMatchObject(
      [false, false, true].map((globals) => ({ globals })),
    );
  });
});

describe("no backup without them where they are asked for", () => {
  test("who may not read them hears so before anything is dumped", async () => {
    const request = asked({}, either(broken));
    expect(await failed(request)).toEqual(["backup-failed", "pg_dumpall: permission denied"]);
    expect(request.transport.ran).toEqual(["inspect", "dump"]);
    expect(keysIn(request.store)).toEqual([]);
  });

  test("they go where the dump fails", async () => {
    const request = asked({}, either(dumped(roles), broken));
    expect((await failed(request))[0]).toBe("backup-failed");
    expect(keysIn(request.store)).toEqual([]);
  });

  test("they go with the dump where the manifest cannot be put", async () => {
    const store = memoryStore();
    store.put = async () => {
      throw new DeployError("store-denied", "no s3:PutObject");
    };
    expect((await failed(asked({ store })))[0]).toBe("store-denied");
    expect(keysIn(store)).toEqual([]);
  });

  test("altered in the store", async () => {
    const store = memoryStore();
    const { putStream } = store;
    store.putStream = async (key, ...rest) => {
      const put = await putStream(key, ...rest);
      if (key.includes(".globals.")) tamper(store, key, (bytes) => Buffer.concat([bytes, roles]));
      return put;
    };
    const request = asked({ store });
    const [code, message] = await failed(request);
    expect([code, message]).toEqual([
      "backup-unproved",
      expect.stringContaining(".globals.sql.gz, read back,"),
    ]);
    expect(request.transport.ran).toEqual(["inspect", "dump"]);
    expect(keysIn(store)).toEqual([]);
  });

  test("an abort between the two", async () => {
    const abort = new AbortController();
    const data: Play = async () => {
      abort.abort();
      return { status: "unknown", reason: "stopped waiting" };
    };
    const request = asked({ signal: abort.signal }, either(dumped(roles), data));
    expect((await failed(request))[0]).toBe("backup-cancelled");
    expect(keysIn(request.store)).toEqual([]);
  });
});

describe("in a store", () => {
  const put = (store: MemoryStore, key: string, size: number): Promise<unknown> =>
    store.put(key, Buffer.alloc(size), { overwrite: false });
  async function filled(each = one): Promise<MemoryStore> {
    const store = memoryStore();
    await store.put(`${each.id}.json`, Buffer.from(JSON.stringify(each)), { overwrite: false });
    await put(store, each.stored.key, each.stored.size);
    if (each.globals !== undefined) await put(store, each.globals.stored.key, each.globals.stored.size);
    return store;
  }

  test("gone or cut they make the backup a damaged one", async () => {
    const store = await filled();
    const key = `${one.id}.globals.sql.gz`;
    tamper(store, key, (bytes) => bytes.subarray(1));
    const why = `its data, ${key}, has 19 bytes instead of 20`;
    expect((await listBackups(store)).damaged).toEqual([{ key: `${one.id}.json`, why }]);
    store.objects.delete(key);
    expect((await listBackups(store)).damaged[0]?.why).toBe(`its data, ${key}, is not there`);
  });

  test.each(["", ".gz", ".zst", ".gz.age", ".zst.age", ".age"])(
    "an orphan without a manifest: %s",
    async (end) => {
      const store = memoryStore();
      const key = `${one.id}.globals.sql${end}`;
      await put(store, key, 1);
      await put(store, `${one.id}.globals.dump${end}`, 1);
      expect((await listBackups(store)).orphans).toEqual([key]);
    },
  );

  test("removed with the backup, and nothing of another one", async () => {
    const store = await filled();
    await put(store, "20261122T084450Z-shop-7f3a.globals.sql.gz", 1);
    const { removed, denied } = await applyRetention(store, [
      { id: one.id, keep: false, because: ["older"] },
    ]);
    expect([removed.length, denied, keysIn(store)]).toEqual([
      1,
      [],
      ["20261122T084450Z-shop-7f3a.globals.sql.gz"],
    ]);
  });

  test("what may not be removed is told", async () => {
    const store = await filled();
    const { remove } = store;
    store.remove = async (key) => {
      if (key.includes("globals")) throw new DeployError("store-denied", `${key} is under Object Lock`);
      await remove(key);
    };
    const { denied } = await applyRetention(store, [{ id: one.id, keep: false, because: ["older"] }]);
    expect(denied).toEqual([{ id: one.id, why: `${one.id}.globals.sql.gz is under Object Lock` }]);
  });
});

describe("a manifest", () => {
  const parse = (globals: unknown): unknown => {
    try {
      return parseBackupManifest(JSON.stringify({ ...one, globals }), one.id);
    } catch (error) {
      return (error as Error).message.replace(/.*cannot be used: /, "");
    }
  };
  const { plain: measured, stored } = one.globals as NonNullable<BackupManifest["globals"]>;

  test("with them, and older ones without", () => {
    expect(parse({ ...one.globals, more: 1 })).toEqual(one);
    expect(parse(undefined)).toEqual(manifest({ id: one.id }));
  });

  test.each([
    [null, "globals is no object"],
    [{ stored }, "globals/plain is no object"],
    [{ plain: measured }, "globals/stored is no object"],
    [{ plain: { ...measured, size: -1 }, stored }, "globals/plain/size is no whole number"],
    [{ plain: measured, stored: { ...stored, key: 7 } }, "globals/stored/key is not as we write it"],
    [
      { plain: measured, stored: { ...stored, key: "20261122T084450Z-shop-0001.globals.sql.gz" } },
      "globals/stored/key is not the object of this backup",
    ],
    [{ plain: measured, stored: one.stored }, "globals/stored/key is not the object of this backup"],
    [
      { plain: measured, stored: { ...stored, key: `${stored.key}.age` } },
      "globals/stored/key is not the object of this backup",
    ],
  ])("%j", (globals, why) => {
    expect(parse(globals)).toBe(why);
  });
});

describe("told, and never applied", () => {
  test("a report of the backup and of its restore name them", () => {
    expect(renderBackupText(one).split("\n").slice(3, 5)).toEqual([
      `  object    ${one.id}.dump.gz`,
      `  globals   ${one.id}.globals.sql.gz, 20 B`,
    ]);
    expect(renderRestored({ backup: one, restored: { name: "shop_back", tables: 3 } })).toBe(
      `Restored ${one.id} as shop_back (3 tables). Made by somebody in 4711, at 2026-11-21 08:44; not signed. Roles and tablespaces were not touched; those of then are in ${one.id}.globals.sql.gz.`,
    );
  });

  test("a restore reads the dump alone", async () => {
    const request = asked();
    const backup = await makeBackup(request);
    const { store } = request;
    const read: string[] = [];
    const transport = playedHost({ restore: async () => ok("restored 3") });
    const reading: typeof store = {
      ...store,
      read(...args) {
        read.push(args[0]);
        return store.read(...args);
      },
    };
    await restoreBackup({
      ...{ backup, transport, store: reading, source: postgres },
      into: { kind: "new", name: "shop_back" },
    });
    expect([transport.ran, read]).toEqual([["restore"], [backup.stored.key]]);
  });
});

async function* from(bytes: Buffer): AsyncGenerator<Buffer> {
  yield* slices(bytes);
}
