import { gunzipSync } from "node:zlib";
import { Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { decryptWith, listBackups, makeBackup, type Progress } from "../src/index.ts";
import { collect, hex, inspected, type Play } from "./fakes/host.ts";
import { failed, password, plain, played } from "./fakes/request.ts";
import { type MemoryStore, memoryStore } from "./fakes/store.ts";

const identity = new Secret(await generateIdentity());
const recipient = await identityToRecipient(identity.reveal());

describe("a backup", () => {
  test("is stored, read back and named by its manifest", async () => {
    const request = played({}, { release: "20261121T084400Z-4f2a91c", live: "20261120T084400Z-aaaaaaa" });
    const made = await makeBackup(request);
    const { objects } = request.store as MemoryStore;
    expect(made.id).toMatch(/^20261121T084450Z-shop-[0-9a-f]{4}$/);
    const stored = objects.get(`${made.id}.dump.gz`)?.bytes ?? Buffer.alloc(0);
    expect(gunzipSync(stored).equals(plain)).toBe(true);
    expect({
      ...made,
      took: undefined,
      stored: { ...made.stored, sha256: "" },
      plain: { ...made.plain, sha256: "" },
    }).toEqual({
      schema: 1,
      id: made.id,
      app: "shop",
      environment: "production",
      created: "2026-11-21T08:44:50.000Z",
      release: "20261121T084400Z-4f2a91c",
      live: "20261120T084400Z-aaaaaaa",
      run: "4711",
      host: "db1",
      database: {
        kind: "postgres",
        name: "shop",
        server: "PostgreSQL 15.14",
        tool: "pg_dump 15.14",
        identity: "7300000000000000001",
        tables: 3,
      },
      compression: "gzip",
      recipients: [],
      plain: { size: plain.length, sha256: "" },
      stored: { key: `${made.id}.dump.gz`, size: stored.length, sha256: "" },
      proofs: ["parsed", "read-back"],
      took: undefined,
    });
    expect(await listBackups(request.store)).toEqual({ backups: [made], orphans: [], damaged: [] });
    expect(request.transport.ran).toEqual(["inspect", "dump"]);
    expect(request.transport.calls.map(({ input }) => String(input))).toEqual(
      Array(2).fill(`${hex(password)}\n`),
    );
    expect(JSON.stringify(request.transport.calls.map(({ args }) => args))).not.toContain(password);
  });

  test("encrypted, opened again with the key, and progress told", async () => {
    const told: Progress[] = [];
    const request = played({}, { recipients: [recipient], identity, onProgress: (each) => told.push(each) });
    const made = await makeBackup(request);
    expect([made.proofs, made.recipients]).toEqual([["parsed", "read-back", "decrypted"], [recipient]]);
    const { bytes } = (request.store as MemoryStore).objects.get(`${made.id}.dump.gz.age`) ?? {};
    const opened = await collect(decryptWith(identity, [recipient])(each(bytes ?? Buffer.alloc(0))));
    expect(gunzipSync(opened).equals(plain)).toBe(true);
    expect(told.map(({ phase, done }) => [phase, done])).toEqual([
      ["dump", plain.length],
      ["verify", made.stored.size],
    ]);
  });

  test("two of one second are two", async () => {
    const store = memoryStore();
    const both = await Promise.all([makeBackup(played({}, { store })), makeBackup(played({}, { store }))]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(2);
    expect((await listBackups(store)).backups.length).toBe(2);
  });

  test("warnings of the host are noted", async () => {
    const notes: string[] = [];
    const inspect: Play = async (call) => {
      const answer = await inspected()(call);
      return {
        ...answer,
        stdout: answer.stdout?.replace("tables 3", `warning ${hex("log is MyISAM")}\ntables 3`) ?? "",
      };
    };
    await makeBackup(played({ inspect }, { onNote: (note) => notes.push(note) }));
    expect(notes).toEqual(["log is MyISAM"]);
  });
});

describe("refused before anything is dumped", () => {
  const untouched = async (request: ReturnType<typeof played>): Promise<readonly string[]> => {
    const failure = await failed(request);
    expect(request.transport.ran).not.toContain("dump");
    return failure;
  };

  test("another server or another name than last time", async () => {
    const store = memoryStore();
    const last = await makeBackup(played({}, { store }));
    const moved = (): Readonly<Record<string, Play>> => ({ inspect: inspected("shop", "99") });
    expect(await untouched(played(moved(), { store }))).toEqual([
      "backup-identity",
      `This is not the database of the backup ${last.id}: its server is 99, it was 7300000000000000001`,
    ]);
    expect(await untouched(played({ inspect: inspected("shop2") }, { store }))).toEqual([
      "backup-identity",
      `This is not the database of the backup ${last.id}: its name is "shop2", it was "shop"`,
    ]);
    await makeBackup(played(moved(), { store, environment: "staging" }));
    await makeBackup(
      played(moved(), { store, allowIdentityChange: true, now: new Date("2026-11-22T08:44:50Z") }),
    );
    await makeBackup(played(moved(), { store, now: new Date("2026-11-23T08:44:50Z") }));
  });

  test("keys that cannot work", async () => {
    const other = new Secret(await generateIdentity());
    expect((await untouched(played({}, { recipients: ["age1x"] })))[0]).toBe("backup-recipient");
    expect((await untouched(played({}, { recipients: [recipient], identity: other })))[0]).toBe("backup-key");
    expect((await untouched(played({}, { recipients: [recipient], verify: "restore" })))[0]).toBe(
      "backup-key",
    );
  });

  test("a source that cannot be looked at", async () => {
    const inspect: Play = async () => ({
      status: "exited",
      code: 65,
      stdout: `\n--deploy-begin--\nerror backup-failed ${hex("no password supplied")}\n--deploy-end-- 65\n`,
    });
    expect(await untouched(played({ inspect }))).toEqual(["backup-failed", "no password supplied"]);
  });
});

async function* each(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
