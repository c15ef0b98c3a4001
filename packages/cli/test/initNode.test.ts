import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { configOf } from "../src/init/config.ts";
import { repositoryAt } from "../src/init/repository.ts";
import { node } from "../src/init/stacks/node.ts";
import { newFolder } from "./folder.ts";

const answers = { app: "shop", deployTo: "/var/www/shop", domain: "_", user: "deploy" };

/** What `prepare` has in the config that is written for such a project. */
function prepared(files: Readonly<Record<string, object>>) {
  const folder = newFolder();
  const manifest = { scripts: { start: "node server.js" }, dependencies: { express: "5.0.0" } };
  for (const [path, content] of Object.entries({ "package.json": manifest, ...files }))
    writeFileSync(join(folder, path), JSON.stringify(content));
  const repository = repositoryAt(folder);
  const text = configOf(answers, ["deploy@web1.example.com"], "words", node.recipe(answers, repository));
  return parseConfig(text, { file: "deploy.yml", environment: "production" }).prepare;
}

const lock = { lockfileVersion: 3, packages: { "node_modules/express": { version: "5.0.0" } } };
const plain = [{ run: "npm ci --omit=dev", roles: [] }];

test("npm ci runs once for each lock file, where no script runs and nothing is a link", () => {
  const once = { reads: ["package.json", "package-lock.json"], makes: ["node_modules"] };
  expect(prepared({ "package-lock.json": lock })).toEqual([{ ...plain[0], ...once }]);
  const all = { ...once, reads: [...once.reads, ".npmrc"] };
  expect(prepared({ "package-lock.json": lock, ".npmrc": {} })).toEqual([{ ...plain[0], ...all }]);
});

test.each([
  ["a package with a script", { "package-lock.json": packages({ hasInstallScript: true }) }],
  ["a workspace", { "package-lock.json": packages({ link: true }) }],
  ["an old lock file", { "package-lock.json": { lockfileVersion: 1, dependencies: {} } }],
  ["a script of its own", { "package-lock.json": lock, "package.json": scripts({ postinstall: "x" }) }],
  ["a native module of its own", { "package-lock.json": lock, "binding.gyp": {} }],
])("%s: each time", (_, files) => {
  expect(prepared(files)).toEqual(plain);
});

function packages(one: object) {
  return { lockfileVersion: 3, packages: { "node_modules/a": one } };
}

function scripts(more: object) {
  return { scripts: { start: "node server.js", ...more }, dependencies: { express: "5.0.0" } };
}
