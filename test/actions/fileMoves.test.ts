import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type ArtifactService, artifactService } from "../workflow/artifacts.ts";
import { carryOut, uploaded } from "./both.ts";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { inputIn, moveOf } from "./steps.ts";

// As projectMoves, of files that meet what is there already: in a store, on a host, beside another program.

// Each step is a process of its own.
process.env.BROWSERSLIST_DISABLE_CACHE = "1";

let fleet: Fleet;
let job: Job;
let service: ArtifactService;
const own = process.env;
beforeAll(async () => {
  fleet = await openFleet();
  service = await artifactService();
  process.env = { ...own, ...service.env };
});
afterAll(async () => {
  process.env = own;
  await service.close();
  await fleet.close();
});
beforeEach(() => {
  job = fleet.job();
});

const at = (path: string) => join(job.workspace, path);
const publish = { cache: "false" };
function withAssets(): void {
  job.write("package.json", "{}\n");
  job.write("assets/app.css", "a { color: red }\n");
  job.configure("assets: { publish: cdn }\n");
}

test("an object with other bytes under a name for ever is removed by hand", async () => {
  withAssets();
  await job.works("build-assets", publish);
  const [name = ""] = readdirSync(at("cdn")).filter((each) => /^app-.*\.css$/.test(each));
  writeFileSync(at(`cdn/${name}`), "a{color:blue}");
  const move = moveOf(await job.step("build-assets", publish), "asset-collision");
  expect(move).toMatch(/remove the object from the store by hand/);
  expect(move).toContain(name);
  rmSync(at(`cdn/${name}`));
  await job.works("build-assets", publish);
});

test("a record that nobody of ours wrote is moved away", async () => {
  withAssets();
  await job.works("build-assets", publish);
  const [key = ""] = readdirSync(at("cdn"), { recursive: true, encoding: "utf8" }).filter((each) =>
    /^[^/]+\/tenant\.json$/.test(each),
  );
  writeFileSync(at(`cdn/${key}`), "{}");
  const move = moveOf(await job.step("build-assets", publish), "assets-record");
  expect(move).toMatch(/Move the named object away/);
  expect(move).toContain(key);
  renameSync(at(`cdn/${key}`), at("elsewhere.json"));
  await job.works("build-assets", publish);
});

test("what else writes to the assets does so no more", async () => {
  withAssets();
  job.write("assets/b.png", "a picture");
  job.write("assets/b.less", "a { color: red }\n");
  job.write("package.json", '{ "devDependencies": { "less": "4" } }\n');
  job.write("node_modules/less/package.json", '{ "name": "less", "version": "4.2.0", "main": "x.js" }\n');
  const less = (also: string) =>
    job.write(
      "node_modules/less/x.js",
      `exports.FileManager = class {};\nexports.render = async (css) => { ${also}; return { css, imports: [] }; };\n`,
    );
  less(`require("node:fs").rmSync(${JSON.stringify(at("assets/b.png"))}, { force: true })`);
  const move = moveOf(await job.step("build-assets", publish), "asset-unreadable");
  expect(move).toMatch(/nothing else writes to the source folder/);
  job.write("assets/b.png", "a picture");
  less("");
  await job.works("build-assets", publish);
});

test("a path too long to be read is left out by the key that is named", async () => {
  const deep = at("site/deep");
  mkdirSync(deep);
  const name = "n".repeat(250);
  const nest = 'for each in $(seq 20); do mkdir "$0"; cd -P "$0"; done';
  spawnSync("sh", ["-c", nest, name], { cwd: deep });
  const move = moveOf(await job.step("pack", { "dry-run": "true" }), "source-unreadable");
  const [, key = ""] = /leave it out with `([a-z]+)`/.exec(move) ?? [];
  job.configure(`${key}: [/deep]\n`);
  await job.works("pack", { "dry-run": "true" });
  spawnSync("rm", ["-r", deep]);
});

test("a file that changed while it was listed is packed once nothing writes there any more", async () => {
  job.configure("upload: { filter: [rules] }\n");
  job.write("rules", "- *.tmp\n");
  job.write("bin/rsync", `#!/bin/sh\nPATH=${own.PATH}\nrsync "$@"; rm -f ${at("site/page")}; exit 24\n`);
  spawnSync("chmod", ["+x", at("bin/rsync")]);
  process.env.PATH = `${at("bin")}:${own.PATH}`;
  const move = moveOf(await job.step("pack", { "dry-run": "true" }), "source-changed");
  expect(move).toMatch(/Let the build end before packing, then run it again/);
  process.env.PATH = own.PATH;
  job.write("site/page", "two\n");
  await job.works("pack", { "dry-run": "true" });
});

test("a tar that cannot be unpacked is made again by the command that is shown, and uploaded whole", async () => {
  const { uploadFiles, Log } = await import("@deploy/action-kit");
  const { fakeRunner } = await import("../../packages/action-kit/test/fakeRunner.ts");
  const upload = (name: string) => uploadFiles(name, at("tars"), 1, new Log(fakeRunner()));
  mkdirSync(at("tars"));
  writeFileSync(at("tars/app.tar"), "no tar");
  await upload("site-1");
  const packing = (artifact: string) => ({ artifact, "dry-run": "true" });
  const refused = moveOf(await job.step("pack", packing("site-1")), "archive-refused");
  const [, command = ""] = /`(tar .+?)`/.exec(refused) ?? [];
  const made = spawnSync("sh", ["-c", command.replace("FOLDER", at("site"))], { cwd: at("tars") });
  expect([command, made.status]).toEqual([command, 0]);
  await upload("site-2");
  service.spoil("site-2");
  const move = moveOf(await job.step("pack", packing("site-2")), "artifact-transfer");
  expect(move).toMatch(/then run the job again/);
  await upload("site-3");
  await job.works("pack", packing("site-3"));
});

const configured = (test: string) =>
  `configure: { files: [{ kind: file, from: shop.conf, level: user, to: ~/shop-${fleet.servers[0].port}.conf, test: '${test}' }] }\n`;
const target = () => join(fleet.servers[0].root, `shop-${fleet.servers[0].port}.conf`);

test.each([
  ["config-placeholder", /docs\/guides\/configure\.md/, "port {{deploy.port}}\n", "host {{deploy.host}}\n"],
  ["config-refused", /Mend the line that it names/, "listn 80\n", "listen 80\n"],
] as const)("%s: mended where it says, the server's file is written", async (code, told, bad, good) => {
  rmSync(target(), { force: true });
  let page = 0;
  const text = (line: string) => job.write("site/shop.conf", `${line}# ${++page}\n`);
  await carryOut(job, code, {
    ...{ met: uploaded, told, config: configured("! grep -n listn $file") },
    fault: () => text(bad),
    mend: () => text(good),
  });
});

test("a server's file that was changed by hand is replaced by the word that is named", async () => {
  rmSync(target(), { force: true });
  job.write("site/shop.conf", "listen 80\n");
  job.configure(configured("true"));
  await job.deploy();
  writeFileSync(target(), "listen 81\n");
  job.write("site/page", "two\n");
  const move = moveOf(await job.step("plan"), "config-drift");
  const { drift = "" } = inputIn(move);
  job.configure(configured("true").replace("{ files", `{ drift: ${drift}, files`));
  await job.deploy();
  expect(readFileSync(target(), "utf8")).toBe("listen 80\n");
});

test("an application that does not tell its release answers with the id, or none is expected", async () => {
  let tells = false;
  const app = createServer((_, answer) => {
    const file = job.at("current/RELEASE");
    const id = tells && existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
    answer.writeHead(200, id === undefined ? {} : { "x-release": id }).end("fine");
  });
  await new Promise<void>((done) => app.listen(0, "127.0.0.1", done));
  fleet.servers[0].setPort(8080, (app.address() as AddressInfo).port);
  const health = (more = "") =>
    job.configure(
      `activate: { health: { url: 'http://127.0.0.1:8080/up', within: 2s, interval: 20ms${more} } }\n`,
    );
  health();
  await job.works("upload");
  const move = moveOf(await job.step("activate"), "release-untold");
  expect(move).toMatch(/Let it answer with the id, which stands in the release's file RELEASE/);
  const [, expected = ""] = /`health\.(expect-release: false)`/.exec(move) ?? [];
  job.write("site/page", "two\n");
  health(`, ${expected}`);
  await job.deploy();
  tells = true;
  job.write("site/page", "three\n");
  health();
  await job.deploy();
  await new Promise((done) => app.close(done));
});
