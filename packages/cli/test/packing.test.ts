import { once } from "node:events";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { hostTree } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openShop, type Shop } from "./shop.ts";

const commit = ["--commit", "1111111111111111111111111111111111111111"];
const config = () => join(shop.folder, ".github/deploy.yml");

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const everything = () => shop.servers.map(({ root }) => hostTree(root, { mtime: true }));

test("what cannot be packed is told, and not what became of the servers meanwhile; they stay as they are", async () => {
  // It takes the connection, and says nothing for as long as anybody waits.
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const text = readFileSync(config(), "utf8");
  writeFileSync(config(), text.replace("hosts: [", `hosts: ["shop@127.0.0.1:${port}", `));
  appendFileSync(config(), "source: nowhere\n");
  const before = everything();
  for (const command of ["plan", "run"]) {
    const ran = await shop.deploy([command, ...commit, ...(command === "run" ? ["--yes"] : [])]);
    expect([ran.exitCode, ran.err]).toEqual([1, expect.stringContaining("source-missing")]);
    expect(ran.err).not.toContain(String(port));
  }
  expect(everything()).toEqual(before);
  silent.close();
});

test("a build is over before a server is asked", async () => {
  appendFileSync(config(), "build: ['echo built >built; exit 3']\n");
  const away = readFileSync(config(), "utf8").replace(/hosts: \[.*\]/, "hosts: [shop@127.0.0.1:1]");
  writeFileSync(config(), away);
  const ran = await shop.deploy(["plan", ...commit]);
  expect(ran.err).toContain("build-failed");
  expect(ran.err + ran.out).not.toContain("127.0.0.1:1");
});

test("a server that cannot be reached stops it, packed or not", async () => {
  const away = readFileSync(config(), "utf8").replace(/hosts: \[.*\]/, "hosts: [shop@127.0.0.1:1]");
  writeFileSync(config(), away);
  const ran = await shop.deploy(["run", "--yes", ...commit]);
  expect([ran.exitCode, ran.err + ran.out]).toEqual([1, expect.stringContaining("127.0.0.1:1")]);
});
