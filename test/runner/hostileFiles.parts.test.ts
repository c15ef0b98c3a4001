import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readFiles } from "./files.ts";
import { hostileTexts } from "./hostile.ts";
import { type Job, openJob } from "./job.ts";

let job: Job;
let canary: string;

beforeEach(async () => {
  job = await openJob();
  canary = join(job.temp, "../canary");
});

afterEach(() => job.close());

/** As a file's name: `/` is none of them, and 255 bytes are the most. */
function nameOf(text: string): string {
  return text.replaceAll("/", "_").slice(0, 120);
}

test("files named and filled like commands arrive as they are", async () => {
  const texts = Object.values(hostileTexts(canary));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are refused, see below
  const names = texts.map(nameOf).filter((name) => !/[\u0000-\u001f]/.test(name) && !name.startsWith(".."));
  const more = [
    " leading",
    "trailing ",
    "a  b",
    "é",
    "e\u0301",
    "deep/".repeat(60) + "x".repeat(200),
    ".hidden",
    "%s%n",
  ];
  const files = Object.fromEntries(
    [...names, ...names.map((name) => `folder/${name}/${name}`), ...more].map((name, index) => [
      name,
      `${texts[index % texts.length]}\n`,
    ]),
  );
  for (const [name, text] of Object.entries(files)) job.write({ [`site/${name}`]: text });
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  const { REVISION: _, RELEASE: _release, ...first } = readFiles(join(job.workspace, "site"));
  for (const { root } of job.fleet.servers) {
    const { REVISION, RELEASE, ...arrived } = readFiles(join(root, "shop/current"));
    expect([arrived, existsSync(canary)]).toEqual([first, false]);
  }
  // Once more, so that unchanged files with these names are copied on the host instead of sent.
  job.rerun("2");
  job.write({ "site/index.html": "two\n" });
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  for (const { root } of job.fleet.servers) {
    const { REVISION, RELEASE, ...arrived } = readFiles(join(root, "shop/current"));
    expect([arrived, existsSync(canary)]).toEqual([{ ...first, "index.html": "two\n" }, false]);
  }
});

test.each([
  ["a newline", "two\nlines"],
  ["an escape sequence", "\u001b[31mred"],
  ["a backslash", "back\\slash"],
  ["a name that is ours", "REVISION"],
])("%s in a file's name is refused by name, before anything", async (_, name) => {
  writeFileSync(join(job.workspace, "site", name), "");
  const before = job.fleet.trees();
  const ran = await job.step("upload");
  expect([ran.code, ran.outputs, ran.annotations.map(({ level }) => level)]).toEqual([
    1,
    { result: "failed" },
    ["error"],
  ]);
  expect([job.fleet.trees(), job.fleet.connections()]).toEqual([before, 0]);
});
