import { changesIn, figuresOf, figureWords, renderHistoryText } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { minted, now, old, older, reachedHost } from "../fixtures.ts";
import { entry } from "../page/scenes.ts";

const [first, second] = [
  [
    entry(50_000, "activate", older, null, "org/shop/1/1"),
    entry(300, "activate", old, older, "org/shop/2/1"),
    entry(100, "activate", minted, old, "org/shop/3/1"),
    entry(96, "revert", old, minted, "org/shop/3/1"),
    // Its reload, which the job wrote down.
    entry(95, "revert", minted, null, "org/shop/3/1"),
    entry(40, "rollback", older, old, "org/shop/4/1"),
    entry(30, "upload", minted, null, "org/shop/5/1"),
  ],
  [entry(299, "activate", old, older, "org/shop/2/1"), "cut {", "null"],
];
const facts = [
  reachedHost("web1", {
    journal: first,
  }),
  reachedHost("web2", { journal: second }),
];
const changes = changesIn(facts);

test("changes are a run's, with all its hosts, newest first; what is no change is none", () => {
  expect(changes.map(({ kind, release, from, hosts }) => [kind, release, from, hosts])).toEqual([
    ["rollback", older, old, ["web1"]],
    ["revert", old, minted, ["web1"]],
    ["activate", minted, old, ["web1"]],
    ["activate", old, older, ["web1", "web2"]],
    ["activate", older, null, ["web1"]],
  ]);
});

test("figures: of 30 days, what went back and how long that took", () => {
  expect(figuresOf(changes, now)).toEqual({
    days: 30,
    deploys: 2,
    failed: 2,
    restore: 260 * 60_000,
  });
  expect(figureWords(figuresOf(changes, now))).toBe(
    "In 30 days: 2 deploys, 2 went back (100 %), after 4 h 20 min",
  );
  expect(figureWords(figuresOf([], now))).toBe("In 30 days: no deploy that the servers remember");
});

test("as text", () => {
  expect(renderHistoryText(changes).split("\n").slice(0, 3)).toEqual([
    "when (UTC)        what         serves then               before                    on       run",
    `2026-11-21 08:04  rolled back  ${older}  ${old}  1 host   org/shop/4/1`,
    `2026-11-21 07:08  reverted     ${old}  ${minted}  1 host   org/shop/3/1`,
  ]);
  expect(renderHistoryText([])).toBe("The servers remember no change.\n");
});
