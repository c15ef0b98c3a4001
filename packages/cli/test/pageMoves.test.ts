import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openShop, type Shop } from "./shop.ts";

let folder: string;
let shop: Shop;
let release: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deploy-page-"));
  shop = await openShop(folder);
  const ran = await shop.deploy(["run", "--yes", "--json", "--commit", "1".repeat(40)]);
  release = (JSON.parse(ran.out) as { release: string }).release;
});
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

const GitHub = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "org/shop" };

test("what servers say of themselves is a page, beside what the terminal shows", async () => {
  const ran = await shop.deploy(["status", "--html", "status.html"], { env: GitHub });
  expect([ran.exitCode, ran.out]).toEqual([0, expect.stringContaining("page: status.html")]);
  const page = readFileSync(join(shop.folder, "status.html"), "utf8");
  expect(page).toContain(`<h1 class="well">✓ 3 of 3 hosts serve ${release}</h1>`);
  // Of the journals of all three.
  expect(page).toMatch(/✓ deployed<\/b><\/td><td><code>[^<]*<\/code><\/td><td>3 hosts<\/td>/);
  for (const { host } of shop.servers) expect(page).toContain(host.name);
});

test("for anybody to read, hosts have numbers", async () => {
  const ran = await shop.deploy(["status", "--html", "public.html", "--redact-hosts"], { env: GitHub });
  expect(ran.exitCode).toBe(0);
  const page = readFileSync(join(shop.folder, "public.html"), "utf8");
  for (const { host } of shop.servers) expect(page).not.toContain(`>${host.name}<`);
  expect(page).toContain('<th scope="row">host 3</th>');
});

test("the history is what they wrote down, for people and for programs", async () => {
  const ran = await shop.deploy(["history"]);
  expect(ran.out).toMatch(new RegExp(`deployed +${release} +3 hosts +\\S+`));
  expect(ran.out).toMatch(/^In 30 days: 1 deploy, none went back\.$/m);
  const { changes, figures } = JSON.parse((await shop.deploy(["history", "--json"])).out);
  expect([ran.exitCode, changes.length, changes[0].kind, figures.deploys]).toEqual([0, 1, "activate", 1]);
});

test("page-unwritable: a folder that is there is named instead, and nothing half is left", async () => {
  const before = readdirSync(shop.folder);
  const refused = await shop.deploy(["status", "--html", "gone/status.html", "--json"]);
  const said = refused.err + refused.out;
  for (const word of ["page-unwritable", "Name a file in a folder that is there"])
    expect(said).toContain(word);
  expect(refused.exitCode).toBeGreaterThan(0);
  expect(readdirSync(shop.folder)).toEqual(before);
  expect((await shop.deploy(["status", "--html", "status.html", "--json"])).exitCode).toBe(0);
});
