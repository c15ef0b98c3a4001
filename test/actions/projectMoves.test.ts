import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { inputIn, moveOf } from "./steps.ts";

// As nextMoves, of files of the project, and of what becomes of them between two steps.

// Each step is a process of its own.
process.env.BROWSERSLIST_DISABLE_CACHE = "1";

let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet();
});
afterAll(() => fleet.close());
beforeEach(() => {
  job = fleet.job();
  job.write("package.json", "{}\n");
  job.write("assets/app.css", "a { color: red }\n");
  job.configure("assets: { publish: cdn }\n");
});

const at = (path: string) => join(job.workspace, path);
const remove = (path: string) => rmSync(at(path), { recursive: true });
const build = { phase: "build", cache: "false" };
const lfs = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 9\n`;

test.each([
  ["asset-name", /Rename the file/, "assets/a\\b.css", "", "assets/ab.css"],
  [
    "asset-clash",
    /Rename or remove one of the two/,
    "assets/app.scss",
    "a { color: blue }\n",
    "assets/b.scss",
  ],
  ["assets-output", /move the named file away/, "public/assets/manifest.json/x", "mine\n", "elsewhere/x"],
] as const)("%s: moved as it says, the assets are built", async (code, told, path, text, to) => {
  job.write(path, text);
  expect(moveOf(await job.step("build-assets", build), code)).toMatch(told);
  mkdirSync(join(at(to), ".."), { recursive: true });
  renameSync(at(path), at(to));
  if (code === "assets-output") remove("public/assets/manifest.json");
  await job.works("build-assets", build);
});

test.each([
  [
    "asset-reference",
    /into the source folder/,
    "assets/b.css",
    "@import '../../c.css';\n",
    "@import 'app.css';\n",
  ],
  ["asset-syntax", /Mend that line/, "assets/b.scss", "a { color: $none }\n", "a { color: red }\n"],
  ["browserslist-invalid", /Correct `browserslist`/, ".browserslistrc", "netscpe 4\n", "defaults\n"],
] as const)("%s: mended where it says, the assets are built", async (code, told, path, text, mended) => {
  job.write(path, text);
  expect(moveOf(await job.step("build-assets", build), code)).toMatch(told);
  job.write(path, mended);
  await job.works("build-assets", build);
});

test("assets that are not there, or are parts alone, are found where `source` says", async () => {
  const source = (name: string) => job.configure(`assets: { source: ${name} }\n`);
  source("nowhere");
  expect(moveOf(await job.step("build-assets", build), "assets-missing")).toMatch(/Check `source`/);
  source("parts");
  job.write("parts/_a.scss", "a { color: red }\n");
  expect(moveOf(await job.step("build-assets", build), "assets-empty")).toMatch(/does not begin with `_`/);
  source("assets");
  await job.works("build-assets", build);
});

test("a tool that nobody can drive is taken out of package.json, and ours is used", async () => {
  job.write("package.json", '{ "devDependencies": { "less": "2" } }\n');
  job.write("node_modules/less/package.json", '{ "name": "less", "version": "2.7.3", "main": "x.js" }\n');
  job.write("node_modules/less/x.js", "");
  job.write("assets/b.less", "a { color: red }\n");
  const move = moveOf(await job.step("build-assets", build), "tool-refused");
  expect(move).toMatch(/remove the tool from package\.json/);
  job.write("package.json", "{}\n");
  remove("node_modules");
  await job.works("build-assets", build);
});

test("beside credentials nothing is built: the phases that are named are two steps", async () => {
  const keys = { "aws-access-key-id": "AKIA", "aws-secret-access-key": "x", cache: "false" };
  job.configure("assets: { publish: cdn, build: 'true' }\n");
  const move = moveOf(await job.step("build-assets", keys), "build-credentials");
  const [first = "", second = ""] = [...move.matchAll(/`phase: ([a-z]+)`/g)].map(([, phase]) => phase);
  await job.works("build-assets", { ...build, phase: first });
  await job.works("build-assets", { ...keys, phase: second });
});

test("a place that another published to is taken over by the input that is named", async () => {
  const all = { cache: "false" };
  await job.works("build-assets", all);
  const file = at(".github/deploy.yml");
  writeFileSync(file, readFileSync(file, "utf8").replace("app: shop", "app: blog"));
  await job.works("build-assets", {
    ...all,
    ...inputIn(moveOf(await job.step("build-assets", all), "publish-taken")),
  });
});

test("a link in a store is replaced by a folder", async () => {
  mkdirSync(at("cdn"));
  mkdirSync(at("elsewhere"));
  symlinkSync(at("elsewhere"), at("cdn/app"));
  job.write("assets/app/b.css", "a { color: red }\n");
  const move = moveOf(await job.step("build-assets", { cache: "false" }), "store-link");
  expect(move).toMatch(/Replace the link by a real folder/);
  remove("cdn/app");
  mkdirSync(at("cdn/app"));
  await job.works("build-assets", { cache: "false" });
});

test.each([
  ["checkout-incomplete", /lfs: true/, "site/film.mp4", lfs, "a film\n"],
  ["filter-refused", /Mend what rsync says/, "rules", "nonsense\n", "- *.tmp\n"],
] as const)(
  "%s: with the file as it should be, the tree is packed",
  async (code, told, path, text, whole) => {
    if (path === "rules") job.configure("upload: { filter: [rules] }\n");
    job.write(path, text);
    expect(moveOf(await job.step("pack", { "dry-run": "true" }), code)).toMatch(told);
    job.write(path, whole);
    await job.works("pack", { "dry-run": "true" });
  },
);

test("a fork's commit is planned once its origin is allowed by the input that is named", async () => {
  const ref = { ref: "refs/pull/3/head" };
  await job.works("plan", { ...ref, ...inputIn(moveOf(await job.step("plan", ref), "origin-refused")) });
});

test("a host's name is spelt as it is", async () => {
  const move = moveOf(await job.step("plan", { hosts: "deploy@nowhere.invalid" }), "connect-dns");
  expect(move).toMatch(/Check the spelling/);
  await job.works("plan");
});
