import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
  const file = join(shop.folder, ".github/deploy.yml");
  const preview =
    "preview-*: { deploy-to: '~/{environment}', remove: ['echo gone >>~/told; test ! -e ~/stay'], activate: {},";
  writeFileSync(
    file,
    readFileSync(file, "utf8")
      .replace("production:\n    hosts: [", `production: { hosts: [x@y] }\n  ${preview} hosts: [`)
      .replace(/\]\n$/, "] }\n"),
  );
});
afterEach(() => shop.close());

const one = ["--environment", "preview-1", "--yes"];
const there = () => shop.servers.map(({ root }) => existsSync(join(root, "preview-1")));
const told = () => shop.servers.map(({ root }) => existsSync(join(root, "told")));

test("a preview goes, after its commands; one that failed keeps all, a cut removal goes on, and none is no failure", async () => {
  expect((await shop.deploy(["run", ...one, "--commit", "1".repeat(40)])).exitCode).toBe(0);
  writeFileSync(join(shop.servers[1].root, "stay"), "");
  const kept = await shop.deploy(["remove", ...one]);
  expect([kept.exitCode, there()]).toEqual([1, [true, true, true]]);
  expect(kept.out + kept.err).toContain("nothing was removed");

  // As it lies where the runner died: one server is done, another begun.
  for (const { root } of shop.servers) rmSync(join(root, "told"), { force: true });
  rmSync(join(shop.servers[1].root, "preview-1"), { recursive: true });
  rmSync(join(shop.servers[2].root, "preview-1/current"));
  const ran = await shop.deploy(["remove", ...one]);
  expect([ran.exitCode, ran.err, there(), told()]).toEqual([
    0,
    "",
    [false, false, false],
    [true, false, false],
  ]);
  const again = await shop.deploy(["remove", ...one]);
  expect([again.exitCode, again.out]).toEqual([0, expect.stringContaining("Nothing is there")]);
});
