import { hash } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import {
  changeIndex,
  clearSign,
  promote,
  prune,
  publish,
  type Repository,
  readRepository,
  renderSources,
  stateTested,
} from "@deploy/package";
import { mintSigner, pemSigner } from "@deploy/sign";
import { folderStore } from "@deploy/store";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeFolder } from "./stage.ts";

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const noon = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;
const signer = pemSigner(mintSigner());

const open = (name: string, changes: Partial<Repository> = {}): Repository => ({
  store: folderStore(join(folder, name)),
  signer,
  suite: "stable",
  origin: "shop",
  now: () => new Date(noon),
  pause: async () => {},
  ...changes,
});

/** A package as far as a repository is concerned: bytes with fields. */
const offered = (version: string, bytes = `bytes of ${version}`, name = "shop") => {
  const body = Buffer.from(bytes);
  const sha256 = hash("sha256", body);
  const fields = { Package: name, Version: version, Architecture: "all", Description: "sells\nthings." };
  return { fields, body, size: body.length, sha256 };
};

const read = async (repository: Repository) =>
  readRepository(repository.store, repository.suite, await signer.publicKey());
const versions = async (repository: Repository) =>
  (await read(repository))?.stanzas.map(({ version }) => version);

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DeployError) return error.problem.code;
    throw error;
  }
  return "none";
}

describe("publishing", () => {
  test("adds to what is there; the same again changes nothing; other bytes are refused", async () => {
    const repository = open("apt");
    expect(await publish(repository, [offered("1")])).toMatchObject({ changed: true, retries: 0 });
    await publish(repository, [offered("2")]);
    expect(await versions(repository)).toEqual(["1", "2"]);
    expect((await publish(repository, [offered("2")])).changed).toBe(false);
    expect(await codeOf(publish(repository, [offered("2", "other")]))).toBe("package-collision");
  });

  test("dates each index later than the one before, whatever the clock says, and signs by the clock", async () => {
    const dates = [];
    for (const at of [0, 0, -hour, hour]) {
      const repository = open("apt", { now: () => new Date(noon + at) });
      await publish(repository, [offered(String(dates.length + 1))]);
      dates.push(((await read(repository))?.release.date.getTime() ?? 0) - noon);
    }
    expect(dates).toEqual([0, 1000, 2000, hour]);
  });

  test("waits while the index is seconds ahead of the clock, and for no other clock", async () => {
    const waits: number[] = [];
    const pause = async (milliseconds: number) => void waits.push(milliseconds);
    await publish(open("apt", { now: () => new Date(noon + 8000) }), [offered("1")]);
    await publish(open("apt", { pause }), [offered("2")]);
    await publish(open("apt", { pause, now: () => new Date(noon - hour) }), [offered("3")]);
    expect(waits).toEqual([0, 4000, 0].slice(1));
  });

  test("extends no index that another key signed, nobody signed, or whose packages are others", async () => {
    const repository = open("apt");
    const stranger = pemSigner(mintSigner());
    await publish({ ...repository, signer: stranger }, [offered("1")]);
    expect(await codeOf(publish(repository, [offered("2")]))).toBe("index-foreign");
    const release = join(folder, "apt/dists/stable/InRelease");
    writeFileSync(release, "Origin: shop\n");
    expect(await codeOf(publish(repository, [offered("2")]))).toBe("index-foreign");
    // Signed by us, and not as an index: a statement, say.
    writeFileSync(release, await clearSign("Tested: all of it\n", noon / 1000, signer));
    expect(await codeOf(publish(repository, [offered("2")]))).toBe("index-foreign");
    rmSync(release);
    await publish(repository, [offered("1")]);
    const at = join(folder, "apt/dists/stable/main/binary-amd64");
    for (const name of readdirSync(join(at, "by-hash/SHA256"))) {
      writeFileSync(join(at, "by-hash/SHA256", name), "Package: evil\n");
    }
    writeFileSync(join(at, "Packages"), "Package: evil\n");
    expect(await codeOf(publish(repository, [offered("2")]))).toBe("index-foreign");
  });

  test("gives up after many others, and says so", async () => {
    const repository = open("apt");
    await publish(repository, [offered("1")]);
    const store: Repository["store"] = {
      ...repository.store,
      details: (key) => repository.store.details(key),
      put: async (key, body, options) => {
        if (!key.endsWith("InRelease")) return repository.store.put(key, body, options);
        return { kind: "present", object: { key, size: 1, modified: 0, metadata: {} } };
      },
    };
    expect(await codeOf(changeIndex({ ...repository, store }, { remove: () => true }))).toBe("index-busy");
  });
});

describe("pruning", () => {
  test("takes the oldest out of the index, and a day later out of the store", async () => {
    const repository = open("apt");
    for (const version of ["1", "2", "3"]) await publish(repository, [offered(version)]);
    const order = { keep: 2, compare: (a: string, b: string) => a.localeCompare(b) };
    expect(await prune(repository, order)).toEqual({ left: ["shop 1"], removed: [] });
    expect(await versions(repository)).toEqual(["2", "3"]);
    const later = { ...repository, now: () => new Date(Date.now() + 25 * hour) };
    const { left, removed } = await prune(later, order);
    expect(left).toEqual([]);
    expect(removed).toContain("pool/main/s/shop/shop_1_all.deb");
    expect(removed.some((key) => key.includes("by-hash"))).toBe(true);
    expect(await versions(repository)).toEqual(["2", "3"]);
    const pool = [];
    for await (const { key } of repository.store.list("pool/")) pool.push(key);
    expect(pool).toEqual(["pool/main/s/shop/shop_2_all.deb", "pool/main/s/shop/shop_3_all.deb"]);
  });
});

describe("promotion", () => {
  const other = pemSigner(mintSigner());
  const go = async (version: string, changes: { readonly untested?: boolean } = {}) => {
    const { store, suite } = open("staging");
    const to = open("production", { signer: other });
    return promote({ store, suite, key: await signer.publicKey() }, to, { version, ...changes });
  };
  const tested = (sha256: string, by = signer) =>
    stateTested(open("staging").store, by, { sha256, what: "shop 1", by: "run 7", date: new Date(noon) });

  test("brings what was tested, byte by byte, under the target's signature", async () => {
    const one = offered("1");
    await publish(open("staging"), [one, offered("2")]);
    await tested(one.sha256);
    expect(await go("1")).toMatchObject({ changed: true, tested: [{ by: "run 7" }] });
    const { store, suite } = open("production");
    const found = await readRepository(store, suite, await other.publicKey());
    expect(found?.stanzas.map(({ version, sha256 }) => [version, sha256])).toEqual([["1", one.sha256]]);
    expect(await codeOf(readRepository(store, suite, await signer.publicKey()))).toBe("index-foreign");
  });

  test("brings nothing that was not tested, that another key says was tested, or of which other bytes were", async () => {
    const one = offered("1");
    await publish(open("staging"), [one, offered("2")]);
    expect(await codeOf(go("1"))).toBe("not-tested");
    await tested(one.sha256, other);
    expect(await codeOf(go("1"))).toBe("not-tested");
    await tested(offered("2").sha256);
    const statements = join(folder, "staging/tested");
    writeFileSync(
      join(statements, one.sha256),
      await clearSign(`Tested: ${offered("2").sha256}\n`, noon / 1000, signer),
    );
    expect(await codeOf(go("1"))).toBe("not-tested");
    expect((await go("1", { untested: true })).changed).toBe(true);
  });

  test("says what is not there, or is not what the index names", async () => {
    expect(await codeOf(go("1"))).toBe("index-missing");
    await publish(open("staging"), [offered("1")]);
    expect(await codeOf(go("9"))).toBe("package-missing");
    const file = join(folder, "staging/pool/main/s/shop/shop_1_all.deb");
    writeFileSync(file, "evil of 1");
    expect(await codeOf(go("1", { untested: true }))).toBe("package-missing");
    rmSync(file);
    expect(await codeOf(go("1", { untested: true }))).toBe("package-missing");
  });
});

test("the file for hosts holds the whole certificate, indented", () => {
  const certificate = "-----BEGIN-----\n\nAAAA\n-----END-----\n";
  expect(renderSources({ url: "https://apt.example.org", suite: "stable", certificate })).toBe(
    "Types: deb\nURIs: https://apt.example.org\nSuites: stable\nComponents: main\nSigned-By:\n -----BEGIN-----\n .\n AAAA\n -----END-----\n",
  );
});
