import { changesIn, figuresOf, figureWords } from "@deploy/core";
import {
  expired,
  leadTimeOf,
  pastLines,
  pastOf,
  readRecord,
  recordKey,
  renderPastText,
} from "@deploy/core/records";
import { expect, test } from "@jest/globals";
import { minted, now, old, older, reachedHost } from "../fixtures.ts";
import { entry } from "../page/scenes.ts";
import { readOf, recordOf } from "./scenes.ts";

const journal = [
  entry(300, "activate", older, null, "org/shop/1"),
  entry(200, "activate", old, older, "org/shop/2"),
  entry(100, "activate", minted, old, "org/shop/3"),
  entry(99, "revert", old, minted, "org/shop/3"),
  entry(10, "rollback", older, old, "org/shop/5"),
];
const hour = 3_600;
const records = [
  recordOf(
    199,
    "org/shop/2",
    { release: old, previous: older },
    { committed: now.getTime() / 1000 - 199 * 60 - 2 * hour },
  ),
  recordOf(99, "org/shop/3", { result: "reverted" }),
  recordOf(50, "org/shop/4", { result: "locked", changed: false }),
  recordOf(5, "org/shop/6", { release: minted, previous: older }),
].map(readOf);
const changes = changesIn([reachedHost("web1", { journal })]);
const past = pastOf(changes, records);

test("journals and records are held against each other, each within its time", () => {
  const told = past.map(({ run, kind, told, alone }) => [run.slice(-1), kind, told, alone ?? false]);
  expect(told).toEqual([
    ["6", "activate", "records", true],
    ["5", "rollback", "servers", true],
    ["3", "revert", "both", false],
    ["3", "activate", "both", false],
    ["2", "activate", "both", false],
    // Before the first record.
    ["1", "activate", "servers", false],
  ]);
});

test("as text: who, how long, what only one of both tells, and runs that changed nothing", () => {
  const text = renderPastText(pastLines(past, records));
  expect(text.split("\n").map((line) => line.replaceAll(/ {2,}/g, "|"))).toEqual([
    "when (UTC)|what|serves then|before|on|by|took|run",
    `2026-11-21 08:39|deployed|${minted}|${older}|3 hosts|ada|42 s|org/shop/6|! no server tells of it`,
    `2026-11-21 08:34|rolled back|${older}|${old}|1 host|org/shop/5|! no record tells of it`,
    `2026-11-21 07:54|locked|${minted}|3 hosts|ada|42 s|org/shop/4`,
    `2026-11-21 07:05|reverted|${old}|${minted}|1 host|ada|42 s|org/shop/3`,
    `2026-11-21 07:04|deployed|${minted}|${old}|1 host|ada|42 s|org/shop/3`,
    `2026-11-21 05:24|deployed|${old}|${older}|1 host|ada|42 s|org/shop/2`,
    `2026-11-21 03:44|deployed|${older}|1 host|org/shop/1`,
    "",
  ]);
});

test("four figures: the fourth from the records", () => {
  const lead = leadTimeOf(records, now);
  expect(lead).toBe(2 * hour * 1000);
  expect(figureWords({ ...figuresOf(past, now), lead })).toMatch(
    /^In 30 days: 4 deploys, 2 h from commit to live, /,
  );
  expect(leadTimeOf(records, new Date(now.getTime() + 40 * 86_400_000))).toBe(undefined);
});

test.each(["", "{", "7", "{}", '{"schema":1}', JSON.stringify({ ...records[0], report: { result: 1 } })])(
  "%j is no record",
  (text) => expect(readRecord(text)).toBe(undefined),
);

test("a key is in the order of time, and of what a store takes, whatever the run is called", () => {
  const place = { app: "shop", environment: "production" };
  expect(recordKey(place, "2026-12-01T00:15:00.123Z", "laptop:ada@desk:1/../x")).toBe(
    "reports/shop/production/20261201T001500123Z-laptop-ada-desk-1-..-x.json",
  );
});

test("what goes is the oldest, beyond a number and older than an age; never the newest, nor past what cannot be read", () => {
  const times = [40, 30, 20, 10].map((days) => ({
    time: new Date(now.getTime() - days * 86_400_000).toISOString() as string | undefined,
  }));
  const day = 86_400_000;
  const gone = (keep: number, keepFor?: number, all = times) => expired(all, { keep, keepFor }, now).length;
  expect([gone(2), gone(9), gone(0), gone(1, 25 * day), gone(1, 100 * day)]).toEqual([2, 0, 3, 2, 0]);
  expect(gone(1, undefined, [times[0] ?? { time: "" }, { time: undefined }, ...times.slice(1)])).toBe(1);
});
