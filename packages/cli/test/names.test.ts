import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

test("hosts that have names are called so: in plan, run, report and flags, and nowhere by their address", async () => {
  const file = join(shop.folder, ".github/deploy.yml");
  const config = readFileSync(file, "utf8");
  let host = 0;
  writeFileSync(
    file,
    config.replace(/(?<=[[ ])\S+@127\.0\.0\.1:\d+/g, (line) => `${line} name=web${++host}`),
  );
  const commit = ["--commit", "1".repeat(40)];
  const plan = await shop.deploy(["plan", ...commit]);
  const run = await shop.deploy(["run", "--yes", ...commit]);
  const status = await shop.deploy(["status"]);
  const one = await shop.deploy(["exec", "--hosts", "web2", "--", "pwd"]);
  for (const { exitCode, out, err } of [plan, run, status])
    expect([exitCode, out + err]).toEqual([0, expect.stringMatching(/web1[\s\S]*web2[\s\S]*web3/)]);
  const said = [plan, run, status, one].map(({ out, err }) => out + err).join("\n");
  expect(said).not.toMatch(/127\.0\.0\.1:(?!8080)\d/);
  expect([one.exitCode, one.out]).toEqual([0, expect.stringContaining(shop.servers[1].root)]);
});
