import type { BackupsSeen, Facts, ReleaseFacts, StatusView } from "@deploy/core";
import type { Results } from "@deploy/core/page";
import {
  fullConfig,
  hostOf,
  lostHost,
  minted,
  now,
  old,
  older,
  reachedHost,
  releaseOf,
} from "../fixtures.ts";
import { statusScene } from "../report/scenes.ts";

/** A line of a journal, as hosts write it. */
export function entry(
  minutes: number,
  step: string,
  to: string | null,
  from: string | null,
  run: string,
): string {
  const time = new Date(now.getTime() - minutes * 60_000).toISOString().replace(/\.\d+/, "");
  return JSON.stringify({ time, run, token: 1, from, to, step, result: "ok" });
}

const journal = [
  entry(300, "activate", older, null, "org/shop/4700/1"),
  entry(200, "activate", old, older, "org/shop/4705/1"),
  entry(100, "activate", minted, old, "org/shop/4709/1"),
  entry(99, "revert", old, minted, "org/shop/4709/1"),
  entry(98, "upload", minted, null, "org/shop/4710/1"),
];
const view = (facts: readonly Facts[], changes: Partial<StatusView["config"]> = {}): StatusView => ({
  ...{ facts, now, by: "ada@desk" },
  config: fullConfig({ url: "https://shop.example.com", ...changes }),
});
const day = 86_400_000;
/** Backups of so many days; the newest was made an hour ago. */
const backupsOf = (days: number, database = "shop"): BackupsSeen["whole"] =>
  Array.from({ length: days }, (_, at) => ({
    id: `20261121T0${9 - at}0000Z-shop-7f3${at}`,
    created: new Date(now.getTime() - 3_600_000 - at * day),
    size: 48_300_000 + at,
    ...{ database, release: at === 0 ? "" : old, proofs: at === 0 ? [] : ["parsed", "read-back"] },
  }));
const good: readonly ReleaseFacts[] = [releaseOf(older), releaseOf(old)];
const names = ["web1", "web2", "web3"];

const many = Array.from({ length: 40 }, (_, at) => `web${at + 1}.shop.example.com`);
const changes = Array.from({ length: 300 }, (_, at) =>
  entry(
    3_000 - at * 10,
    at % 7 === 3 ? "revert" : "activate",
    at % 2 ? old : older,
    at % 2 ? older : old,
    `org/shop/${4000 + at}/1`,
  ),
);

/** What a page may have to show, by name. */
export const pageScenes: Readonly<Record<string, StatusView>> = {
  well: view(names.map((name) => reachedHost(name, { journal, releases: good, standing: "in" }))),
  mixed: view([
    reachedHost("web1", { journal, releases: good }),
    reachedHost("web2", { current: { kind: "release", release: older }, releases: good }),
    lostHost("web3"),
  ]),
  locked: view(statusScene()),
  never: view(names.map((name) => reachedHost(name, { current: { kind: "none" }, releases: [] }))),
  aging: {
    ...view(names.map((name) => reachedHost(name, { journal, releases: good, standing: "in" }))),
    certificate: { ends: new Date(now.getTime() + 9 * day) },
    backups: { whole: backupsOf(7), damaged: 1 },
  },
  many: view(
    many.map((name) => reachedHost(name, { journal: changes, releases: good })),
    { hosts: many.map((name) => hostOf(name)), leader: many[0] ?? "" },
  ),
};

const whats = ["deployed", "deployed", "reverted", "locked", "rolled back", "failed", "prepared"];

/** What servers and records may tell of 300 runs. */
export const manyResults: Results = {
  lines: Array.from({ length: 300 }, (_, at) => ({
    time: now.getTime() / 1000 - at * 3_600,
    ...{ what: whats[at % whats.length] ?? "", release: at % 2 ? old : older, from: older, hosts: 40 },
    ...{ who: "ada", took: "42 s", run: `org/shop/${4_000 + at}` },
    note: at === 7 ? "no record tells of it" : "",
  })),
  figures: { days: 30, deploys: 205, failed: 41, restore: 240_000, lead: 7_200_000 },
};

/** What a host, an actor or a config could say to a browser. */
export const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>' \u202etxt`;

export const hostileScene: StatusView = {
  backups: { whole: backupsOf(1, hostile), damaged: 0 },
  certificate: { ends: new Date(now.getTime() + 90 * day), refused: hostile },
  ...view(
    [
      reachedHost("web1", {
        journal: [
          entry(1, "activate", hostile, hostile, hostile),
          "{not json",
          "7",
          '{"step":"activate","result":"ok","time":"x"}',
        ],
        current: { kind: "foreign", target: hostile },
        lock: { token: 1, expiresIn: 0, frozen: hostile },
        drained: { by: hostile, since: hostile },
      }),
    ],
    { app: "shop", hosts: [hostOf("web1")], leader: "web1" },
  ),
};
