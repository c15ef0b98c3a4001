import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { DeployError } from "@deploy/core";
import { type Store, s3Store } from "@deploy/store";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pruneAssets } from "../../src/prune/prune.ts";
import { publishAssets } from "../../src/publish/publish.ts";
import { type Site, site } from "../site.ts";

const day = 24 * 3_600_000;
const id = (number: number) => `2026010${number}T000000Z-aaaaaa${number}`;
const script = fileURLToPath(new URL("publishing.ts", import.meta.url));

needs("versitygw")("publishing to a real S3 server", () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await s3Server();
  });
  afterAll(() => server?.stop());

  const storeAt = (prefix: string): Store => {
    const { bucket, endpoint, region, credentials } = server;
    return s3Store({ bucket, prefix, endpoint, region, credentials });
  };
  const keysOf = async (store: Store): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of store.list("")) keys.push(key);
    return keys;
  };

  const release = (number: number, extra: Readonly<Record<string, string>> = {}) =>
    site({
      [`css/app-${number}aaa.css`]: `body{order:${number}}`,
      "css/both-ffff.css": "p{}",
      "index.html": `<link href="css/app-${number}aaa.css"><link href="css/both-ffff.css">`,
      "ä ö&+%25/ü-1111.txt": "hostile name",
      ...extra,
    });

  test("the files are there with what browsers and caches need", async () => {
    const store = storeAt("one");
    const made = await site(
      { "css/app-aaaa.css": "body{}", "css/app-aaaa.css.br": "br", "index.html": "<p>" },
      { "css/app-aaaa.css.br": { encoding: "br", contentType: "text/css; charset=utf-8" } },
    );
    expect(await publishAssets({ ...made, store, release: id(1), now: 0 })).toMatchObject({ uploaded: 3 });
    const told = await Promise.all(
      ["css/app-aaaa.css", "css/app-aaaa.css.br", "index.html"].map(async (key) => {
        const { contentType, cacheControl, contentEncoding } = (await store.details(key)) ?? {};
        return [contentType, cacheControl, contentEncoding];
      }),
    );
    const forEver = "public, max-age=31536000, immutable";
    expect(told).toEqual([
      ["text/css; charset=utf-8", forEver, undefined],
      ["text/css; charset=utf-8", forEver, "br"],
      ["text/html; charset=utf-8", "no-cache", undefined],
    ]);
    store.close();
  });

  test("a place belongs to whoever published there first, and is no page", async () => {
    const store = storeAt("whose");
    const options = { ...(await release(1)), store, release: id(1), now: 0 };
    const [first, second] = await Promise.allSettled(
      ["production", "staging"].map((environment) =>
        publishAssets({ ...options, tenant: { app: "shop", environment } }),
      ),
    );
    const outcomes = [first?.status, second?.status].sort();
    expect(outcomes).toEqual(["fulfilled", "rejected"]);
    const lost = [first, second].find((outcome) => outcome?.status === "rejected");
    expect(lost).toMatchObject({ reason: { problem: { code: "publish-taken" } } });
    expect(await store.details(".deploy/tenant.json")).toMatchObject({ cacheControl: "private, no-store" });
    store.close();
  });

  test("a second publish sends nothing, another file under the same name is refused", async () => {
    const store = storeAt("two");
    const options = { store, release: id(1), now: 0 };
    await publishAssets({ ...(await release(1)), ...options });
    expect(await publishAssets({ ...(await release(1)), ...options })).toMatchObject({
      uploaded: 0,
      present: 4,
    });
    const other = await site({ "css/both-ffff.css": "q{}", "index.html": "new" });
    const error = await publishAssets({ ...other, ...options }).catch((reason: DeployError) => reason);
    expect(error).toMatchObject({ problem: { code: "asset-collision" } });
    expect(await keysOf(store)).toContain("css/both-ffff.css");
    store.close();
  });

  test("two releases and a prune: among 2,500 foreign files only our own old ones go", async () => {
    const store = storeAt("three");
    // The server keeps objects as files: put there by somebody else, in the folder our own old files lie in.
    const foreign = join(server.folder, server.bucket, "three", "old");
    await mkdir(foreign, { recursive: true });
    for (let file = 0; file < 2500; file += 1) await writeFile(join(foreign, `${file}-abcd.png`), "x");
    const old = Object.fromEntries(
      Array.from({ length: 60 }, (_, file) => [`old/${file * 40}-abcd.js`, `${file}`]),
    );
    await publishAssets({ ...(await release(1, old)), store, release: id(1), now: day });
    await publishAssets({ ...(await release(2)), store, release: id(2), now: 2 * day });
    const retention = { keepReleases: 1, keepFor: 7 * day };
    expect(await pruneAssets({ store, retention, now: 9 * day })).toMatchObject({ removed: 0 });
    expect(await pruneAssets({ store, retention, now: 10 * day })).toMatchObject({ removed: 61 });
    const [png, others] = [/^old\/\d+-abcd\.png$/, `.deploy/assets/${id(2)}.json`];
    const left = await keysOf(store);
    expect(left.filter((key) => png.test(key))).toHaveLength(2500);
    expect(left.filter((key) => !png.test(key)).sort()).toEqual(
      [others, "css/app-2aaa.css", "css/both-ffff.css", "index.html", "ä ö&+%25/ü-1111.txt"].sort(),
    );
    store.close();
  });

  test("kill -9 between two files leaves the old site whole; the next run sends the rest", async () => {
    const store = storeAt("four");
    await publishAssets({ ...(await release(1)), store, release: id(1), now: 0 });
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, file) => [`js/${file}-abcd.js`, `${file}`]),
    );
    const next = await release(2, many);
    const sent = await publishUntil(next, "four", 20);
    const page = await textAt(store, "index.html");
    const named = [...page.matchAll(/href="([^"]+)"/g)].map(([, key]) => key ?? "");
    expect(await keysOf(store)).toEqual(expect.arrayContaining(named));
    expect(page).toContain("css/app-1aaa.css");

    const rest = await publishAssets({ ...next, store, release: id(2), now: 1 });
    expect(rest.uploaded).toBeLessThanOrEqual(62 - sent);
    expect(rest.uploaded + rest.present).toBe(64);
    expect(await textAt(store, "index.html")).toContain("css/app-2aaa.css");
    expect((await publishAssets({ ...next, store, release: id(2), now: 1 })).uploaded).toBe(0);
    store.close();
  });

  /** Runs a publish as a process of its own and kills it once so many files were sent; says how many it told. */
  async function publishUntil(made: Site, prefix: string, files: number): Promise<number> {
    const { bucket, endpoint, region } = server;
    const s3 = { bucket, prefix, endpoint, region, keys: await server.credentials() };
    const options = { ...made, release: id(2), now: 1, concurrency: 2 };
    const argv = [script, JSON.stringify({ s3, options })];
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(child, "close");
    let sent = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith("sent ")) sent += 1;
      if (sent === files) child.kill("SIGKILL");
    }
    await closed;
    expect(child.signalCode).toBe("SIGKILL");
    return sent;
  }
});

async function textAt(store: Store, key: string): Promise<string> {
  let text = "";
  for await (const chunk of await store.read(key)) text += chunk;
  return text;
}
