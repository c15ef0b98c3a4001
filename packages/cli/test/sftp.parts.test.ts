import { existsSync } from "node:fs";
import type { Plan } from "@deploy/core";
import { type Chroot, needs, openChroot } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type HutShop, hutShopTests, openHutShop } from "./hutShop.ts";

needs(
  "sshd",
  "ip",
  "python3",
)("a site whose server gives files and no shell", () => {
  let server: Chroot;
  let shop: HutShop;

  beforeEach(async () => {
    server = await openChroot();
    const { folder, host, keys } = server;
    const { address, port, username } = host;
    shop = await openHutShop({
      ...{ folder, host: { address, port, username, via: "sftp" } },
      files: { key: keys.private, pins: `${host.knownHostsLine()}\n` },
      flags: ["--identity-file", "key", "--known-hosts", "pins"],
      env: {},
    });
  });
  afterEach(async () => {
    await shop.close();
    await server.close();
  });

  hutShopTests(() => shop);

  test("what it cannot have is refused by the plan, with what to do instead", async () => {
    shop.write("index.html", "one");
    shop.configure({ prepare: ["make"], migrate: "bin/migrate" });
    const ran = await shop.deploy("plan", "--json", "--commit", "1".repeat(40));
    const { problems } = JSON.parse(ran.out) as Plan;
    expect(problems.map(({ code, hint }) => [code, hint])).toEqual([
      ["hut-cannot", expect.stringContaining("where the release is built")],
      ["hut-cannot", expect.stringContaining("a job that reaches the database")],
    ]);
    expect(existsSync(shop.place("index.html"))).toBe(false);
  });
});
