import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pruneCaches } from "../src/caches.ts";

const now = new Date("2026-12-01T00:00:00Z");
const nameOf = (number: number) => number.toString(16).padStart(16, "0");
let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "packed-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

/** What is kept of a source that was packed so many days ago; undefined: nobody knows when. */
function keep(name: string, days?: number): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "pack.tar.gz"), "x");
  if (days === undefined) return folder;
  writeFileSync(join(folder, "clock"), "");
  const at = now.getTime() / 1000 - days * 86_400;
  utimesSync(join(folder, "clock"), at, at);
  return folder;
}

describe("of what is kept of other sources", () => {
  test("the ten that were packed last stay, this one among them", async () => {
    const here = keep(nameOf(0), 20);
    for (let number = 1; number <= 12; number++) keep(nameOf(number), number);
    await pruneCaches(here, now);
    expect(readdirSync(parent).sort()).toEqual(Array.from({ length: 10 }, (_, at) => nameOf(at)));
  });

  test("what was packed more than thirty days ago goes, and what nobody knows of", async () => {
    const here = keep(nameOf(0), 40);
    keep(nameOf(1), 31);
    keep(nameOf(2), 29);
    keep(nameOf(3));
    await pruneCaches(here, now);
    expect(readdirSync(parent).sort()).toEqual([nameOf(0), nameOf(2)]);
  });

  test("nothing else is touched, nor what a link leads to", async () => {
    const here = keep(nameOf(0), 1);
    keep("somebody's", 90);
    const elsewhere = keep("elsewhere", 90);
    symlinkSync(elsewhere, join(parent, nameOf(9)));
    await pruneCaches(here, now);
    expect(readdirSync(parent).sort()).toEqual([nameOf(0), "elsewhere", "somebody's"]);
    expect(readdirSync(elsewhere)).toEqual(["clock", "pack.tar.gz"]);
  });
});
