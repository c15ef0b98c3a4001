import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import type { Desk } from "../src/terminal.ts";
import { recordedIo } from "./io.ts";
import { openShop, type Shop } from "./shop.ts";

const folder = mkdtempSync(join(tmpdir(), "cli-desk-"));
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(folder);
  expect((await shop.deploy(["run", "--yes", "--commit", "1".repeat(40)])).exitCode).toBe(0);
});
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

/** Types these keys as soon as they are heard one by one. */
async function at(keys: string, argv: readonly string[]) {
  const input = new PassThrough();
  const raws: boolean[] = [];
  const terminal: Desk = {
    ...{ kind: "xterm", input, output: new PassThrough(), size: () => ({ columns: 80, rows: 24 }) },
    onResize: () => () => {},
    raw(on) {
      raws.push(on);
      if (on) input.write(keys);
    },
  };
  const io = { ...recordedIo({ cwd: shop.folder, env: { PATH: process.env.PATH } }), terminal };
  const login = ["--identity-file", "secrets/key", "--known-hosts", "secrets/pins"];
  const exitCode = await main([...argv, ...login], io);
  return { exitCode, said: io.out() + io.err(), raws };
}

const files = () => shop.servers.map(({ root }) => join(root, "shop/shared/.env"));

test("env set: a value that is typed, mended with backspace, is on all and in no line; Ctrl-C sets none", async () => {
  const none = await at("hunter\u0003", ["env", "set", "TOKEN"]);
  expect([none.exitCode, none.raws, files().some((file) => existsSync(file))]).toEqual([
    130,
    [true, false],
    false,
  ]);
  const empty = await at("\r", ["env", "set", "TOKEN"]);
  expect([empty.exitCode, empty.said, files().some((file) => existsSync(file))]).toEqual([
    2,
    expect.stringContaining("the value of TOKEN that was typed or piped in is empty"),
    false,
  ]);
  const set = await at("hunter3x\u007f2\r", ["env", "set", "TOKEN"]);
  expect([set.exitCode, set.raws]).toEqual([0, [true, false]]);
  expect(files().map((file) => readFileSync(file, "utf8"))).toEqual(files().map(() => "TOKEN='hunter32'\n"));
  expect(set.said).toContain("Value of TOKEN (not shown): ");
  expect(none.said + set.said).not.toContain("hunter");
});

test("console: who deploys meanwhile is told before it begins", async () => {
  const state = join(shop.servers[0].root, "shop/.deploy/lock/state");
  const expiry = Math.floor(Date.now() / 1000) + 600;
  writeFileSync(state, `1 40 ${expiry} org/shop/41 org/shop 41 1 ann abc migrate\n`);
  const { said, raws } = await at("", ["console"]);
  expect(said).toMatch(/run 41 of org\/shop \(ann\).* deploys meanwhile: this console stays in the release/);
  // These servers give no terminal; the one here is given back all the same.
  expect(raws).toEqual([true, false]);
});
