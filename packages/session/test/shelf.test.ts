import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeployError, type Parcel } from "@deploy/core";

import { folderStore, type Store } from "@deploy/store";
import { codeOf, keysOf, putText, readText, sha256 } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { shelfOf } from "../src/index.ts";
import { shelfOver } from "../src/shelf.ts";

let root: string;
let store: Store;
let closed: number;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "shelf-"));
  closed = 0;
  let made = 0;
  const presign: Store["presign"] = async (key, { expires }) => `signed:${++made}:${expires}:${key}`;
  store = { ...folderStore(root), presign, close: () => void closed++ };
});
afterEach(() => rmSync(root, { recursive: true }));

const whose = { app: "shop", environment: "production" };
const { signal } = new AbortController();
const folder = "artifacts/shop/production/";
const day = 24 * 3_600_000;
const named = (text: string) => `${folder}${sha256(text)}.tar`;

function parcelOf(text: string, more: Partial<Parcel> & { readonly reads?: () => void } = {}): Parcel {
  const bytes = Buffer.from(text);
  return {
    encoding: "none",
    bytes: bytes.length,
    saved: 0,
    digest: sha256(text),
    async *read() {
      more.reads?.();
      yield bytes;
    },
    ...more,
  };
}

describe("put", () => {
  test("puts a parcel under its digest, gives a new address each time, and takes it away", async () => {
    const shelf = shelfOver(store, whose);
    const { stored, url } = await shelf.put(parcelOf("one"), signal);
    expect([stored, await url(), await url(), await readText(store, named("one"))]).toEqual([
      true,
      `signed:1:900:${named("one")}`,
      `signed:2:900:${named("one")}`,
      "one",
    ]);
    expect((await store.details(named("one")))?.cacheControl).toBe("private, no-store");
    expect([await shelf.clear(), await keysOf(store, ""), closed]).toEqual([undefined, [], 1]);
  });

  test("an address and its signature are masked before anybody gets it", async () => {
    const masked: string[] = [];
    const presign = async () => "https://b/k?X-Amz-Expires=9&X-Amz-Signature=0123abcd&x-id=GetObject";
    const shelf = shelfOver({ ...store, presign }, { ...whose, mask: (texts) => void masked.push(...texts) });
    const address = await (await shelf.put(parcelOf("one"), signal)).url();
    expect(masked).toEqual([address, "0123abcd"]);
  });

  test("the ending tells the encoding", async () => {
    const shelf = shelfOver(store, whose);
    for (const encoding of ["zstd", "gzip", "none"] as const)
      await shelf.put(parcelOf("one", { encoding }), signal);
    const ends = ["tar", "tar.gz", "tar.zst"].map((end) => `${folder}${sha256("one")}.${end}`);
    expect(await keysOf(store, "")).toEqual(ends);
  });

  test("what a killed run left is used, not sent again, and taken away", async () => {
    await shelfOver(store, whose).put(parcelOf("one"), signal);
    const shelf = shelfOver(store, whose);
    const { stored, url } = await shelf.put(parcelOf("one"), signal);
    expect([stored, await url()]).toEqual([false, `signed:1:900:${named("one")}`]);
    expect([await shelf.clear(), await keysOf(store, "")]).toEqual([undefined, []]);
  });

  test("something else under its name is an error, and stays where it is", async () => {
    await putText(store, named("one"), "eno");
    const shelf = shelfOver(store, whose);
    const error = await shelf.put(parcelOf("one"), signal).catch((thrown: DeployError) => thrown.problem);
    expect(error).toMatchObject({
      code: "object-damaged",
      message: `What lies there is not the parcel: 3 bytes, SHA-256 ${sha256("eno")}`,
      place: { path: `${root}/${named("one")}` },
    });
    expect([await shelf.clear(), await keysOf(store, "")]).toEqual([undefined, [named("one")]]);
  });

  test.each([
    ["other bytes", { digest: sha256("two") }],
    ["fewer bytes", { bytes: 4 }],
  ])("a parcel of %s than announced is not left there", async (_, more) => {
    const shelf = shelfOver(store, whose);
    expect(await codeOf(shelf.put(parcelOf("one", more), signal))).toBe("body-changed");
    expect(await keysOf(store, "")).toEqual([]);
  });

  test("a parcel that cannot be read leaves nothing, and its error comes out", async () => {
    const shelf = shelfOver(store, whose);
    const broken = parcelOf("one", {
      reads: () => {
        throw new DeployError("artifact-damaged", "cut");
      },
    });
    expect(await codeOf(shelf.put(broken, signal))).toBe("artifact-damaged");
    expect([await shelf.clear(), await keysOf(store, "")]).toEqual([undefined, []]);
  });

  test("a store without addresses is refused before anything is put", async () => {
    const open = shelfOf({ ...whose, identity: { sessionName: "test" } });
    const settings = { checksums: "crc32" } as const;
    expect(await codeOf(open({ ...settings, to: root }))).toBe("store-unfetchable");
    expect(await codeOf(open({ ...settings, to: "s3://bucket-one/x", region: "eu-west-1" }))).toBe(
      "nothing thrown",
    );
  });
});

describe("clear", () => {
  const old = `${folder}${sha256("old")}.tar.gz`;
  const others = [
    `artifacts/shop/staging/${sha256("a")}.tar`,
    `${folder}notes.txt`,
    `${folder}${sha256("a")}.tar.xz`,
    `${folder}below/${sha256("a")}.tar`,
    sha256("a"),
  ];

  test("takes what runs that were killed left there a day ago, and nothing else", async () => {
    for (const key of [old, ...others]) await putText(store, key, "x");
    await shelfOver(store, whose).clear();
    expect((await keysOf(store, "")).sort()).toEqual([old, ...others].sort());
    await shelfOver(store, { ...whose, now: () => Date.now() + day + 60_000 }).clear();
    expect((await keysOf(store, "")).sort()).toEqual([...others].sort());
  });

  test("says in one sentence what it may not do", async () => {
    const denied = async () => {
      throw new DeployError("store-denied", "The credentials may not s3:DeleteObject");
    };
    const shelf = shelfOver({ ...store, remove: denied }, whose);
    await shelf.put(parcelOf("one"), signal);
    const where = `What hosts fetched may still lie in ${root}/${folder}: `;
    const first = await shelf.clear();
    await shelf.put(parcelOf("two"), signal);
    expect([first, await shelf.clear()]).toEqual([
      `${where}The credentials may not s3:DeleteObject`,
      `${where}The credentials may not s3:DeleteObject (and 1 more)`,
    ]);
  });

  test("who may not look around still takes its own away", async () => {
    // biome-ignore lint/correctness/useYield: it never comes to that
    const list = async function* () {
      throw new DeployError("store-denied", "The credentials may not s3:ListBucket");
    };
    const shelf = shelfOver({ ...store, list }, whose);
    await shelf.put(parcelOf("one"), signal);
    expect([await shelf.clear(), await keysOf(store, "")]).toEqual([
      `What hosts fetched may still lie in ${root}/${folder}: The credentials may not s3:ListBucket`,
      [],
    ]);
  });
});
