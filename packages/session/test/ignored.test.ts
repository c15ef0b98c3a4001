import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { loadConfig, packRelease } from "../src/index.ts";

const env = { PATH: process.env.PATH ?? "", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "session-"));
  mkdirSync(join(root, "dist"));
  for (const path of ["app.js", "dist/app.js", "left.log"]) writeFileSync(join(root, path), "x");
  writeFileSync(join(root, ".gitignore"), "dist\n*.log\n/packed\n");
  execFileSync("git", ["init", "-q", root], { env });
});
afterEach(() => rmSync(root, { recursive: true }));

const ours = [".gitignore", "app.js"];
const all = [...ours, "dist", "dist/app.js", "left.log"];

test.each([
  ["", { desk: true }, ours, "are left out"],
  ["", {}, all, undefined],
  ["build: [touch dist/app.js]\n", { desk: true }, all, "are packed"],
  ["build: [touch dist/app.js]\n", {}, all, undefined],
  ["built: [dist]\n", { desk: true }, [...ours, "dist", "dist/app.js"], "is left out"],
  ["built: [dist]\n", {}, [...ours, "dist", "dist/app.js"], "is left out"],
  ["source: dist\n", { desk: true }, ["app.js"], undefined],
  ["built: [dist]\n", { folder: "dist" }, ["app.js"], undefined],
])("%j %j", async (text, { folder, ...where }: { desk?: boolean; folder?: string }, paths, note) => {
  const configText = `${text}app: shop\ndeploy-to: /srv/shop\nenvironments: { production: { hosts: [deploy@web1] } }\n`;
  const config = await loadConfig({ configFile: "deploy.yml", configText, root, overrides: {} });
  const notes: string[] = [];
  const packed = await packRelease({
    ...{ config, root, env, directory: join(root, "packed"), build: true },
    ...(folder === undefined ? {} : { folder: join(root, folder) }),
    ...where,
    commit: { commit: "abc", time: undefined },
    onOutput: () => {},
    onWarning: () => {},
    onNote: (said) => notes.push(said),
    signal: new AbortController().signal,
  });
  const found = packed.manifest.split("\n").flatMap((line) => line.split("\t")[4] ?? []);
  expect(found.sort()).toEqual([...paths].sort());
  expect(notes).toEqual(note === undefined ? [] : [expect.stringContaining(note)]);
});
