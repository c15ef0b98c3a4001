import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { root } from "../lib/root.ts";
import { run } from "../lib/run.ts";

const folder = mkdtempSync(join(tmpdir(), "deploy-handles-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What jest says of one file, under our environment; it has to end by itself. */
async function jest(name: string, text: string) {
  writeFileSync(join(folder, `${name}.test.cjs`), text);
  const config = {
    ...{ rootDir: folder, testMatch: [`**/${name}.test.cjs`], transform: {} },
    testEnvironment: join(root, "scripts/lib/openHandles.mjs"),
    testEnvironmentOptions: { patience: 100 },
  };
  const args = [
    "--experimental-vm-modules",
    "node_modules/jest/bin/jest.js",
    "--config",
    JSON.stringify(config),
  ];
  const { code, output } = await run(process.execPath, args);
  const opened = output.matchAll(/^ +(an? [a-z ]+), opened .*?(\w+\.test\.cjs:\d+)/gm);
  return { code, said: output, left: [...opened].map(([, ...of]) => of) };
}

const setUp = `
  const { once } = require("node:events");
  const server = require("node:net").createServer(() => {}).listen(0);
  const child = require("node:child_process").spawn("sleep", ["30"], { stdio: "ignore" });
  const timer = setInterval(() => {}, 1000);
  test("works", () => once(server, "listening"));`;
const putAway = `
  afterAll(async () => { clearInterval(timer); child.kill(); server.close(); });`;

test("a file that puts everything away passes", async () => {
  expect(await jest("tidy", setUp + putAway)).toMatchObject({ code: 0, left: [] });
});

test("a file that leaves something open fails, told what and where", async () => {
  const { code, left } = await jest("untidy", `${setUp}\n  afterAll(() => child.unref());`);
  expect([code, left]).toEqual([
    1,
    [
      ["a server", "untidy.test.cjs:3"],
      ["a timer", "untidy.test.cjs:5"],
    ],
  ]);
});

test("what its tests say is not hidden by that", async () => {
  const failing = `test("fails", () => { throw new Error("its own"); });`;
  const { code, said, left } = await jest("both", `${setUp}\n  ${failing}`);
  expect([code, left.map(([what]) => what)]).toEqual([1, ["a server", "a child process", "a timer"]]);
  expect(said).toContain("its own");
});
