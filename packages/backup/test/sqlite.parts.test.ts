import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeployError, Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { folderStore } from "@deploy/store";
import { needs, until } from "@deploy/testkit";
import { localConnector, type Transport } from "@deploy/transport";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import {
  type BackupRequest,
  listBackups,
  makeBackup,
  newestBackup,
  type RestoreRequest,
  readBackup,
  restoreBackup,
} from "../src/index.ts";
import { awkward } from "./fakes/awkward.ts";

const identity = new Secret(await generateIdentity());
const recipients = [await identityToRecipient(identity.reveal())];
const root = mkdtempSync(join(tmpdir(), "backup-parts-"));
let transport: Transport;
let folder = "";

beforeAll(async () => {
  const host = { name: "here", address: "here", port: 22, username: "", roles: [] };
  transport = await localConnector({ home: root })(host);
});
afterAll(async () => {
  await transport.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(root, "test-"));
});

const request = (source: Source, change: Partial<BackupRequest> = {}): BackupRequest => ({
  app: "shop",
  environment: "production",
  source,
  transport,
  store: folderStore(join(folder, "store")),
  recipients,
  verify: "read",
  compression: "auto",
  minimum: 1,
  run: "4711",
  now: new Date(),
  ...change,
});
const failed = async (work: Promise<unknown>): Promise<readonly [string, string]> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof DeployError) return [error.problem.code, error.problem.message];
    throw error;
  }
  return ["fine", ""];
};
/** Of ours; the store's own folders begin with a dot. */
const stored = (): string[] =>
  existsSync(join(folder, "store"))
    ? readdirSync(join(folder, "store")).filter((name) => !name.startsWith("."))
    : [];

needs("sqlite3")("a SQLite database, a folder, and the scripts as they are", () => {
  const lite = (path: string, sql: string): string =>
    execFileSync("sqlite3", [path, sql], { encoding: "utf8" });
  const database = (): Extract<Source, { kind: "sqlite" }> => {
    const path = join(folder, "it's a shop.db");
    lite(path, awkward);
    return { kind: "sqlite", path };
  };
  const back = async (
    made: { id: string },
    change: Partial<RestoreRequest> & Pick<RestoreRequest, "source" | "into">,
  ) => {
    const store = folderStore(join(folder, "store"));
    return restoreBackup({ backup: await readBackup(store, made.id), transport, store, identity, ...change });
  };

  test("there, proved by restoring it, and back again with all that is in it", async () => {
    const source = database();
    const before = lite(source.path, ".dump");
    const made = await makeBackup(request(source, { verify: "restore", identity }));
    expect(made.proofs).toEqual(["parsed", "read-back", "decrypted", "restored"]);
    expect(stored().sort()).toEqual([`${made.id}.json`, made.stored.key].sort());
    expect(readdirSync(folder).sort()).toEqual(["it's a shop.db", "store"]);
    rmSync(source.path);
    const into = { kind: "new", name: source.path } as const;
    expect(await back(made, { source, into })).toEqual({ name: source.path, tables: made.database.tables });
    expect(lite(source.path, ".dump")).toBe(before);
    // What exists is never written over.
    expect((await failed(back(made, { source, into })))[0]).toBe("restore-exists");
    expect(lite(source.path, ".dump")).toBe(before);
  });

  test("over what is there, which is backed up before and kept beside", async () => {
    const source = database();
    const before = lite(source.path, ".dump");
    const made = await makeBackup(request(source));
    lite(source.path, "drop table orders; create table bad (x); insert into bad values (1);");
    const after = lite(source.path, ".dump");
    const freshBackup = () => makeBackup(request(source));
    const restored = await back(made, {
      source,
      into: { kind: "replace", confirm: source.path, freshBackup },
    });
    expect(lite(source.path, ".dump")).toBe(before);
    expect(lite(restored.previous ?? "", ".dump")).toBe(after);
    const { backups } = await listBackups(folderStore(join(folder, "store")));
    expect(backups.length).toBe(2);
  });

  test("a stored object that was altered never becomes a database, and leaves nothing behind", async () => {
    const source = database();
    const made = await makeBackup(request(source));
    const other = await makeBackup(request(source));
    const object = join(folder, "store", made.stored.key);
    const good = readFileSync(object);
    chmodSync(object, 0o600);
    const flipped = Buffer.from(good);
    const middle = good.length >> 1;
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    const swapped = readFileSync(join(folder, "store", other.stored.key));
    const into = { kind: "new", name: join(folder, "back.db") } as const;
    for (const bytes of [flipped, good.subarray(0, -70_000), good.subarray(0, middle), swapped]) {
      writeFileSync(object, bytes);
      expect((await failed(back(made, { source, into })))[0]).toBe("backup-damaged");
    }
    expect(readdirSync(folder).sort()).toEqual(["it's a shop.db", "store"]);
    const key = new Secret(await generateIdentity());
    expect((await failed(back(other, { source, into, identity: key })))[0]).toBe("backup-key");
    await back(other, { source, into });
  });
});

describe("a dump that does not end well leaves nothing in the store", () => {
  const command = (run: string, verify = "cat >/dev/null"): Source => ({
    kind: "command",
    directory: folder,
    run,
    verify,
  });
  const noise = "head -c 3000000 /dev/urandom";

  test.each([
    ["exit 1 half way", `${noise}; echo 'disk is on fire' >&2; exit 1`, "backup-failed", "disk is on fire"],
    ["killed half way", `${noise}; kill -9 $$`, "backup-failed", ""],
    ["nothing and exit 0", "true", "backup-empty", ""],
    ["less than the minimum", "echo hello", "backup-empty", "6 B, less than 1.0 KiB"],
  ])("%s", async (_, run, code, text) => {
    const failure = await failed(makeBackup(request(command(run), { minimum: 1024 })));
    expect(failure[0]).toBe(code);
    expect(failure[1]).toContain(text);
    expect(stored()).toEqual([]);
  });

  test("one that its own check refuses", async () => {
    const failure = await failed(
      makeBackup(request(command(noise, "cat >/dev/null; echo 'no trailer' >&2; exit 3"))),
    );
    expect(failure).toEqual(["backup-failed", expect.stringContaining("no trailer")]);
    expect(stored()).toEqual([]);
  });

  test("one that is cut off, and one that is cancelled", async () => {
    const cut = await localConnector({ home: root })(transport.host);
    const [begun, go] = ["begun", "go"].map((name) => join(folder, name)) as [string, string];
    const half = command(`${noise}; : >${begun}; until [ -e ${go} ]; do sleep 0.05; done; ${noise}`);
    const inTheMiddle = async (act: () => void) => {
      await until("half of the dump", () => existsSync(begun));
      rmSync(begun);
      act();
    };
    const cutting = failed(makeBackup(request(half, { transport: cut, onProgress: () => {} })));
    await inTheMiddle(() => void cut.close());
    expect((await cutting)[0]).toBe("backup-cut");
    const abort = new AbortController();
    const cancelling = failed(makeBackup(request(half, { signal: abort.signal })));
    await inTheMiddle(() => abort.abort());
    expect((await cancelling)[0]).toBe("backup-cancelled");
    writeFileSync(go, "");
    expect(stored()).toEqual([]);
  });

  test("the next one is fine, whatever was left", async () => {
    const source = command(noise);
    writeFileSync(join(folder, "x"), "");
    const made = await makeBackup(request(source));
    const store = folderStore(join(folder, "store"));
    rmSync(join(folder, "store", `${made.id}.json`));
    const next = await makeBackup(request(source));
    expect(await listBackups(store)).toEqual({ backups: [next], orphans: [made.stored.key], damaged: [] });
    expect((await newestBackup(store, () => true))?.id).toBe(next.id);
  });
});
