import { gunzipSync } from "node:zlib";
import { DeployError, Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import {
  type BackupManifest,
  type BringBackOptions,
  bringBack,
  makeBackup,
  type RestoreRequest,
  restoreBackup,
} from "../src/index.ts";
import { dumped, hex, ok, type Play, type PlayedHost, playedHost } from "./fakes/host.ts";
import { password, plain, played, postgres } from "./fakes/request.ts";
import { type MemoryStore, memoryStore, tamper } from "./fakes/store.ts";

const identity = new Secret(await generateIdentity());
const recipient = await identityToRecipient(identity.reveal());
const hosted = {
  ...{ swappable: async () => ok("swappable"), restore: async () => ok("restored 3") },
  swap: async () => ok("swapped 1"),
};

interface Kept {
  readonly store: MemoryStore;
  readonly backup: BackupManifest;
}

async function keep(recipients: readonly string[], bytes = plain): Promise<Kept> {
  const store = memoryStore();
  return { store, backup: await makeBackup(played({ dump: dumped(bytes) }, { store, recipients })) };
}

function request(
  kept: Kept,
  change: Partial<RestoreRequest> = {},
  plays: Readonly<Record<string, Play>> = hosted,
): RestoreRequest & { readonly transport: PlayedHost } {
  const into = { kind: "new", name: "shop_back" } as const;
  return { ...kept, source: postgres, into, ...change, transport: playedHost(plays) };
}

const failed = async (each: RestoreRequest): Promise<readonly [string, string]> => {
  try {
    await restoreBackup(each);
  } catch (error) {
    if (error instanceof DeployError) return [error.problem.code, error.problem.message];
    throw error;
  }
  return ["restored", ""];
};

/** What the host was given behind the secret. */
const given = (host: PlayedHost): Buffer =>
  (host.calls[0]?.input ?? Buffer.alloc(0)).subarray(hex(password).length + 1);

describe("into a new database", () => {
  test.each([[[]], [[recipient]]])("whole, decrypted, as it was packed %#", async (recipients) => {
    const kept = await keep(recipients);
    const each = request(kept, { identity });
    expect(await restoreBackup(each)).toEqual({ name: "shop_back", tables: 3 });
    const [call] = each.transport.calls;
    const { plain: measured } = kept.backup;
    expect(call?.args.slice(0, 6)).toEqual([
      "restore",
      "gzip",
      String(measured.size),
      measured.sha256,
      "shop_back",
      "1",
    ]);
    expect(String(call?.input).startsWith(`${hex(password)}\n`)).toBe(true);
    expect(gunzipSync(given(each.transport)).equals(plain)).toBe(true);
  });

  test("what the host refuses is said", async () => {
    const restore: Play = async () => ({
      status: "exited",
      code: 65,
      stdout: `\n--deploy-begin--\nerror restore-failed ${hex("disk quota")}\n--deploy-end-- 65\n`,
    });
    expect(await failed(request(await keep([]), {}, { restore }))).toEqual(["restore-failed", "disk quota"]);
  });

  test("what went past failures is not whole: each is noted, and it fails", async () => {
    const notes: string[] = [];
    const restore: Play = async () =>
      ok("restored 2", `failed ${hex("TABLE orders")}`, `failed ${hex("VIEW v")}`);
    const kept = await keep([]);
    const asked = { keepGoing: true, onNote: (note: string) => notes.push(note) };
    const each = request(kept, asked, { restore });
    expect(await failed(each)).toEqual([
      "restore-incomplete",
      `${kept.backup.id} is not whole, as told above: shop_back holds the rest (2 tables)`,
    ]);
    expect([notes, each.transport.calls[0]?.args.slice(5, 8)]).toEqual([
      ["TABLE orders", "VIEW v"],
      ["1", "1", "pg_dump 15.14"],
    ]);
  });

  test("a connection that is lost is not a restore", async () => {
    const restore: Play = async () => ({ status: "unknown", reason: "connection lost" });
    expect(await failed(request(await keep([]), {}, { restore }))).toEqual([
      "restore-failed",
      "restore postgres: nobody saw its end (connection lost)",
    ]);
  });

  test("an abort", async () => {
    const abort = new AbortController();
    const restore: Play = async () => {
      abort.abort();
      return { status: "unknown", reason: "stopped waiting" };
    };
    const each = request(await keep([]), { signal: abort.signal }, { restore });
    expect((await failed(each))[0]).toBe("backup-cancelled");
  });
});

describe("a stored object that is not the one of the manifest never becomes a database", () => {
  const flip = (bytes: Buffer): Buffer => {
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    return bytes;
  };
  const grown = Buffer.from("grown");

  test.each([[[]], [[recipient]]])("altered, swapped, replaced by an older one %#", async (recipients) => {
    const other = await keep(recipients, Buffer.from(plain).reverse());
    const older = other.store.objects.get(other.backup.stored.key)?.bytes ?? Buffer.alloc(0);
    const changes = [flip, (bytes: Buffer) => bytes.fill(0, bytes.length - 5), () => older];
    for (const change of changes) {
      const kept = await keep(recipients);
      tamper(kept.store, kept.backup.stored.key, change);
      const each = request(kept, { identity });
      expect((await failed(each))[0]).toBe("backup-damaged");
      // What went to the host ended before the last chunk: it cannot have been whole.
      expect(() => gunzipSync(given(each.transport))).toThrow();
    }
  });

  test("another whole one of the same size, good for the same key: only the SHA-256 tells", async () => {
    const kept = await keep([recipient]);
    const other = await keep([recipient]);
    tamper(kept.store, kept.backup.stored.key, (bytes) =>
      Buffer.from(other.store.objects.get(other.backup.stored.key)?.bytes ?? bytes),
    );
    const [code, message] = await failed(request(kept, { identity }));
    expect([code, message]).toEqual([
      "backup-damaged",
      `The object ${kept.backup.stored.key} is not what was stored: it has the SHA-256 ${other.backup.stored.sha256}, the manifest says ${kept.backup.stored.sha256}`,
    ]);
  });

  test("shorter, longer, or gone is seen before anything is sent", async () => {
    for (const change of [
      (bytes: Buffer) => bytes.subarray(1),
      (bytes: Buffer) => Buffer.concat([bytes, grown]),
    ]) {
      const kept = await keep([]);
      tamper(kept.store, kept.backup.stored.key, change);
      const each = request(kept);
      expect((await failed(each))[0]).toBe("backup-damaged");
      expect(each.transport.ran).toEqual([]);
    }
    const kept = await keep([]);
    kept.store.objects.delete(kept.backup.stored.key);
    expect(await failed(request(kept))).toEqual([
      "backup-damaged",
      `The object ${kept.backup.stored.key} of ${kept.backup.id} is not in memory`,
    ]);
  });
});

describe("refused before anything happens", () => {
  test("a wrong key, and none", async () => {
    const kept = await keep([recipient]);
    const other = new Secret(await generateIdentity());
    expect(await failed(request(kept, { identity: other }))).toEqual([
      "backup-key",
      `The key does not fit: this backup is encrypted to ${recipient}`,
    ]);
    expect(await failed(request(kept))).toEqual([
      "backup-key",
      `The backup is encrypted to ${recipient} and no key was given`,
    ]);
  });

  test("what may not be whole does not go in the place of anything", async () => {
    const into = {
      kind: "replace",
      confirm: "shop",
      freshBackup: () => keep([]).then((kept) => kept.backup),
    } as const;
    const each = request(await keep([]), { into, keepGoing: true });
    expect([(await failed(each))[0], each.transport.ran]).toEqual(["restore-refused", []]);
    for (const place of [{ into: "shop_back" }, { confirm: "shop" }]) {
      const asked = { ...place, keepGoing: true } as unknown as BringBackOptions;
      await expect(bringBack(asked)).rejects.toMatchObject({ problem: { code: "restore-confirm" } });
    }
  });

  test("another kind of database", async () => {
    const source = { kind: "sqlite", path: "/srv/shop.db" } as const;
    expect((await failed(request(await keep([]), { source })))[0]).toBe("restore-refused");
  });
});

describe("over an existing database", () => {
  const replacing = (
    freshBackup: () => Promise<BackupManifest>,
    confirm = "shop",
  ): Pick<RestoreRequest, "into"> => ({
    into: { kind: "replace", confirm, freshBackup },
  });

  test("backs up what is there, restores aside, then switches", async () => {
    const kept = await keep([]);
    const steps: string[] = [];
    const each = request(kept, {
      ...replacing(async () => {
        steps.push("fresh backup");
        return kept.backup;
      }),
      onNote: (note) => steps.push(note),
    });
    const restored = await restoreBackup(each);
    const [, restore, swap] = each.transport.calls;
    const aside = restore?.args[4] ?? "";
    const [, suffix] = /^shop_deploy_restore_([0-9a-f]{4})$/.exec(aside) ?? [];
    expect(restored).toEqual({ name: "shop", tables: 3, previous: `shop_before_${suffix}` });
    expect(swap?.args.slice(0, 4)).toEqual(["swap", aside, `shop_before_${suffix}`, "0"]);
    expect(steps).toEqual(["fresh backup", `What is there now is kept as backup ${kept.backup.id}.`]);
  });

  test("only with its own name, and only after a fresh backup that is proved", async () => {
    const kept = await keep([]);
    const fail = async (): Promise<BackupManifest> => {
      throw new DeployError("backup-empty", "nothing there");
    };
    for (const [into, code, ran] of [
      [replacing(fail, "shop2"), "restore-confirm", []],
      [replacing(fail), "backup-empty", ["swappable"]],
      [replacing(async () => ({ ...kept.backup, proofs: ["parsed"] })), "restore-refused", ["swappable"]],
    ] as const) {
      const each = request(kept, into);
      expect((await failed(each))[0]).toBe(code);
      expect(each.transport.ran).toEqual(ran);
    }
  });

  test("nothing is dumped where it could not take the place", async () => {
    const kept = await keep([]);
    const swappable: Play = async () => ({
      status: "exited",
      code: 65,
      stdout: `\n--deploy-begin--\nerror restore-refused ${hex("/srv/up is a mount point")}\n--deploy-end-- 65\n`,
    });
    const freshBackup = async () => Promise.reject(new Error("it was dumped"));
    const each = request(kept, replacing(freshBackup), { ...hosted, swappable });
    expect(await failed(each)).toEqual(["restore-refused", "/srv/up is a mount point"]);
  });

  test("a switch that is refused leaves the old one, and says where the restored one is", async () => {
    const kept = await keep([]);
    const swap: Play = async () => ({
      status: "exited",
      code: 75,
      stdout: `\n--deploy-begin--\nerror restore-failed ${hex("3 sessions use it")}\n--deploy-end-- 75\n`,
    });
    const each = request(
      kept,
      replacing(async () => kept.backup),
      { ...hosted, swap },
    );
    const [, message] = await failed(each);
    expect(message).toMatch(
      /^3 sessions use it\. The restored data lies whole in shop_deploy_restore_[0-9a-f]{4}$/,
    );
  });

  test("long names are cut where servers would cut them", async () => {
    const kept = await keep([]);
    const name = `${"é".repeat(31)}x`;
    const source = {
      ...postgres,
      server: { ...(postgres as { server: object }).server, name },
    } as RestoreRequest["source"];
    const each = request(kept, { source, ...replacing(async () => kept.backup, name) });
    const { previous } = await restoreBackup(each);
    expect(Buffer.byteLength(previous ?? "")).toBeLessThanOrEqual(63);
    expect(previous).toMatch(/^é+_before_[0-9a-f]{4}$/);
  });
});
