import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { loadConfig, packRelease } from "../src/index.ts";

const text = `app: shop
source: build
exclude: ["*.map"]
build: [mkdir -p build/tmp && touch build/app.js build/app.map build/tmp/f build/.env]
deploy-to: /srv/shop
shared: { files: [.env] }
upload: { filter: [deploy/rules] }
environments:
  production:
    hosts: [deploy@web1]
`;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "session-"));
});
afterEach(() => rmSync(root, { recursive: true }));

async function pack() {
  const config = await loadConfig({ configFile: "deploy.yml", configText: text, root, overrides: {} });
  const packed = await packRelease({
    config,
    root,
    directory: join(root, "packed"),
    build: true,
    env: { PATH: process.env.PATH ?? "" },
    commit: { commit: "abc", time: undefined },
    onOutput: () => {},
    onWarning: () => {},
    signal: new AbortController().signal,
  });
  return packed.manifest.split("\n").flatMap((line) => line.split("\t")[4] ?? []);
}

needs("rsync")("packRelease", () => {
  test("builds, and leaves out what exclude, shared and the filter files say", async () => {
    mkdirSync(join(root, "deploy"));
    writeFileSync(join(root, "deploy/rules"), "- /tmp/\n");
    expect(await pack()).toEqual(["app.js"]);
  });
});

test("a filter file is looked for in the repository", async () => {
  await expect(pack()).rejects.toMatchObject({
    problem: { code: "filter-missing", message: 'The filter file "deploy/rules" does not exist' },
  });
});
