import { DeployError, Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { listBackups, makeBackup } from "../src/index.ts";
import { failed, keysIn, played } from "./fakes/request.ts";
import { type MemoryStore, memoryStore, tamper } from "./fakes/store.ts";

const identity = new Secret(await generateIdentity());
const recipient = await identityToRecipient(identity.reveal());

describe("what is stored and does not stand its proof goes again", () => {
  const putting = (
    after: (store: MemoryStore, key: string) => void,
    also: Partial<MemoryStore> = {},
  ): MemoryStore => {
    const store = memoryStore();
    return Object.assign(store, {
      putStream: async (...args: Parameters<MemoryStore["putStream"]>) => {
        const put = await memoryStorePut(store, ...args);
        after(store, args[0]);
        return put;
      },
      ...also,
    });
  };
  const flip = (bytes: Buffer): Buffer => {
    bytes[9000] = (bytes[9000] ?? 0) ^ 1;
    return bytes;
  };
  const older = Buffer.from("an older backup");

  test.each([
    ["flipped", flip],
    ["cut", (bytes: Buffer) => bytes.subarray(0, -1)],
    ["longer", (bytes: Buffer) => Buffer.concat([bytes, older])],
    ["another object", () => older],
  ])("%s", async (_, change) => {
    for (const recipients of [[], [recipient]]) {
      for (const key of [undefined, identity]) {
        const store = putting((each, name) => tamper(each, name, change));
        const [code, message] = await failed(
          played({}, { store, recipients, ...(key && { identity: key }) }),
        );
        expect(code).toBe("backup-unproved");
        expect(message).toMatch(/^20261121T084450Z-shop-[0-9a-f]{4}\.dump\.gz/);
        expect(keysIn(store)).toEqual([]);
      }
    }
  });

  test("where nothing may be deleted it stays as an orphan, and the message says so", async () => {
    const remove = async (): Promise<void> => {
      throw new DeployError("store-denied", "no s3:DeleteObject");
    };
    const store = putting((each, name) => tamper(each, name, flip), { remove });
    const [code, message] = await failed(played({}, { store }));
    const [orphan] = keysIn(store);
    expect(code).toBe("backup-unproved");
    expect(message).toContain(
      `${orphan} may stay in memory as an orphan without a manifest: no s3:DeleteObject`,
    );
    expect(await listBackups(store)).toEqual({ backups: [], orphans: [orphan], damaged: [] });
    const next = await makeBackup(
      played({}, { store: Object.assign(store, { putStream: plainPut(store) }) }),
    );
    expect(await listBackups(store)).toEqual({ backups: [next], orphans: [orphan], damaged: [] });
  });

  test("a reading that breaks off begins again, and gives up at the third", async () => {
    const store = memoryStore();
    const { read } = store;
    let broken = 2;
    store.read = async (...args) => {
      if (broken-- > 0) throw new DeployError("store-denied", "no s3:GetObject");
      return read(...args);
    };
    // A denial is no reset.
    expect((await failed(played({}, { store })))[0]).toBe("store-denied");
    broken = 2;
    store.read = async (...args) => {
      if (args[0].endsWith(".gz") && broken-- > 0) throw new Error("socket hang up");
      return read(...args);
    };
    const notes: string[] = [];
    await makeBackup(played({}, { store, onNote: (note) => notes.push(note) }));
    expect(notes.length).toBe(2);
    broken = 3;
    await expect(makeBackup(played({}, { store }))).rejects.toThrow("socket hang up");
    expect((await listBackups(store)).orphans).toEqual([]);
  });

  test("an object of the same name is not touched", async () => {
    const store = memoryStore();
    const { putStream } = store;
    store.putStream = async (key, body, options) => {
      await store.put(key, older, { overwrite: false });
      return putStream(key, body, options);
    };
    const [code] = await failed(played({}, { store }));
    expect(code).toBe("backup-conflict");
    expect([...store.objects.values()].map(({ bytes }) => String(bytes))).toEqual([String(older)]);
  });

  test("a manifest of the same name is not touched, and the data goes", async () => {
    const store = memoryStore();
    const { put } = store;
    store.put = async (key, body, options) => {
      await put(key, older, { overwrite: false });
      return put(key, body, options);
    };
    expect((await failed(played({}, { store })))[0]).toBe("backup-conflict");
    expect([...store.objects.values()].map(({ bytes }) => String(bytes))).toEqual([String(older)]);
  });

  test("a manifest whose answer was lost counts where it is there", async () => {
    const store = memoryStore();
    const { put } = store;
    store.put = async (...args) => {
      await put(...args);
      throw new Error("reset");
    };
    const made = await makeBackup(played({}, { store }));
    expect((await listBackups(store)).backups).toEqual([made]);
  });

  test("a manifest that cannot be put takes the data with it", async () => {
    const store = memoryStore();
    store.put = async () => {
      throw new DeployError("store-denied", "no s3:PutObject");
    };
    expect((await failed(played({}, { store })))[0]).toBe("store-denied");
    expect(keysIn(store)).toEqual([]);
  });
});

const plainPut =
  (store: MemoryStore): MemoryStore["putStream"] =>
  (...args) =>
    memoryStorePut(store, ...args);

async function memoryStorePut(
  store: MemoryStore,
  ...args: Parameters<MemoryStore["putStream"]>
): ReturnType<MemoryStore["putStream"]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of args[1]) chunks.push(chunk);
  return store.put(args[0], Buffer.concat(chunks), args[2]);
}
