import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openShop, type Shop } from "./shop.ts";

let folder: string;
let shop: Shop;
const deploy = (...args: string[]) => shop.deploy(args);
const published = (name: string) => readFileSync(join(shop.folder, "public", name), "utf8");
const configure = (text: string) => {
  const file = join(shop.folder, ".github/deploy.yml");
  const kept = readFileSync(file, "utf8").replace(/^(?:records|status):.*\n/gm, "");
  writeFileSync(file, `${text}\n${kept}`);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deploy-publish-"));
  shop = await openShop(folder);
  configure(`records: { store: ${join(folder, "records")} }`);
  await deploy("run", "--yes", "--commit", "1".repeat(40));
});
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

test("status-unpublished: without a place it is said and nothing fails; with one, all of it lies there", async () => {
  const refused = await deploy("status", "--publish");
  expect([refused.exitCode, refused.err]).toEqual([0, expect.stringContaining("(status-unpublished)")]);
  for (const word of ["status-unpublished"]) expect(refused.err).toContain(word);
  expect(refused.err).toContain("Give `status: { publish: s3://bucket/prefix }` in the config a place");
  configure(`records: { store: ${join(folder, "records")} }\nstatus: { publish: public, redact: hosts }`);
  const ran = await deploy("status", "--publish");
  expect([ran.exitCode, ran.out]).toEqual([
    0,
    expect.stringContaining(`published: ${join(shop.folder, "public")}`),
  ]);
  expect(published("index.html")).toContain("1 of 1 environment is well");
  const { environments } = JSON.parse(published("status.json"));
  expect(environments[0]).toMatchObject({ app: "shop", state: "well", last: [{ what: "deployed" }] });
  expect(published("feed.atom")).toContain("shop on production: deployed");
  expect(published("shop/badge-production.svg")).toContain("shop production: ✓ 1111111 as of ");
});

test("redacted, none of the files names a host; the page has what the records tell", () => {
  const page = published("shop/production.html");
  expect(page).toMatch(/<h2>Results<\/h2>[\s\S]*✓ deployed/);
  for (const name of [
    "shop/production.html",
    "index.html",
    "status.json",
    "feed.atom",
    "shop/badge-production.svg",
  ])
    for (const { host } of shop.servers) expect(published(name)).not.toContain(host.name);
});

test("an address on the line is another place; records that cannot be read cost the page nothing else", async () => {
  writeFileSync(join(folder, "file"), "");
  configure("records: { store: ftp://host/x }");
  const ran = await deploy("status", "--publish", "elsewhere", "--html", "one.html");
  expect([ran.exitCode, ran.err]).toEqual([0, expect.stringContaining("The records could not be read")]);
  expect(existsSync(join(shop.folder, "elsewhere/shop/production.html"))).toBe(true);
  expect(readFileSync(join(shop.folder, "one.html"), "utf8")).toContain("<h2>Changes</h2>");
});

test("a place that cannot be written is said, and the exit code is that of the status", async () => {
  const ran = await deploy("status", "--publish", join(folder, "file"));
  expect([ran.exitCode, ran.err]).toEqual([0, expect.stringContaining("The page was not published to")]);
});
