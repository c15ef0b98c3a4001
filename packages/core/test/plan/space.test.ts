import { type Artifact, type Config, formatProblem, plan, type ReachedHost } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  configOf,
  deployRequest,
  newRelease,
  old,
  older,
  reachedHost,
  releaseOf,
  serving,
} from "../fixtures.ts";

/** What stops the deploy where only web2 has little room. */
function lines(
  changes: Partial<ReachedHost>,
  config: Partial<Config> = {},
  packed: Artifact = artifact,
): readonly string[] {
  const facts = [reachedHost("web1"), reachedHost("web2", changes), reachedHost("web3")];
  return plan(configOf(config), facts, deployRequest({ artifact: packed })).problems.map(formatProblem);
}

const link = {
  method: "artifact",
  unchanged: "link",
  verify: "changed",
  compression: "auto",
  atOnce: 64,
  filter: [],
} as const;
/** Of 200 files and 1,000,000 bytes: each file's last block, 114 folders, the lists; and 5 % of all that. */
const needed = Math.ceil((1_000_000 + 200 * 4095 + 114 * 4096 + 200 * 1024) * 1.05);
const linked = Math.ceil((114 * 4096 + 200 * 1024) * 1.05);
const nothing = "nothing was sent, nothing was removed.";

describe("room for one more release", () => {
  test("is as much as the last one came to weigh, where commands bring what no artifact has", () => {
    const weight = { bytes: 200_000_000, inodes: 20_000 };
    const live = {
      releases: [releaseOf(old, "good", { weight })],
      freeBytes: 100_000_000,
      freeInodes: 25_000,
    };
    const prepare = [{ run: "npm ci", roles: [] }];
    expect(lines(live)).toEqual([]);
    expect(lines(live, { prepare })).toEqual([
      expect.stringContaining("210 MB needed, 100 MB free. Free 110 MB on web2"),
    ]);
    expect(lines({ ...live, freeBytes: 210_000_000 }, { prepare })).toEqual([]);
  });

  test.each<[string, Partial<ReachedHost>, Partial<Config>, readonly string[]]>([
    ["just enough", { freeBytes: needed, freeInodes: 330 }, {}, []],
    [
      "a byte short",
      { freeBytes: needed - 1 },
      {},
      [`disk-full · web2 · /var/www/shop: 2.6 MB needed, 2.6 MB free. Free 1 B on web2: ${nothing}`],
    ],
    [
      "an inode short",
      { freeInodes: 329 },
      {},
      [`disk-full · web2 · /var/www/shop: 330 inodes needed, 329 free. Free 1 inode on web2: ${nothing}`],
    ],
    [
      "neither",
      { freeBytes: 0, freeInodes: 0 },
      {},
      [
        "disk-full · web2 · /var/www/shop: 2.6 MB needed, 0 B free; 330 inodes needed, 0 free. " +
          `Free 2.6 MB and 330 inodes on web2: ${nothing}`,
      ],
    ],
    [
      "just enough with what dead runs left",
      { freeBytes: needed - 8192, freeInodes: 320, reclaim: { bytes: 8192, inodes: 10 } },
      {},
      [],
    ],
    [
      "not even with what dead runs left",
      { freeBytes: 1000, freeInodes: 320, reclaim: { bytes: 8192, inodes: 9 } },
      {},
      [
        "disk-full · web2 · /var/www/shop: 2.6 MB needed, 1.0 kB free, 8.2 kB left by dead runs; " +
          `330 inodes needed, 320 free, 9 left by dead runs. Free 2.6 MB and 1 inode on web2: ${nothing}`,
      ],
    ],
    [
      "what goes after success can go before",
      { freeBytes: needed - 4096 },
      { keepReleases: 2 },
      [
        `disk-full · web2 · /var/www/shop: 2.6 MB needed, 2.6 MB free. Free 4.1 kB on web2: ${nothing} ` +
          `This deploy would remove old releases at its end; to do so now, on web2: rm -rf /var/www/shop/releases/${older}`,
      ],
    ],
    [
      "unless it may have been live just now",
      { freeBytes: needed - 4096 },
      { keepReleases: 2, keepFor: 3_600_000 },
      [`disk-full · web2 · /var/www/shop: 2.6 MB needed, 2.6 MB free. Free 4.1 kB on web2: ${nothing}`],
    ],
    ["links to what is live take none", { freeBytes: linked, freeInodes: 120 }, { upload: link }, []],
    [
      "but folders, and what is listed",
      { freeBytes: linked - 1, freeInodes: 119 },
      { upload: link },
      [
        "disk-full · web2 · /var/www/shop: 705 kB needed, 705 kB free; 120 inodes needed, 119 free. " +
          `Free 1 B and 1 inode on web2: ${nothing}`,
      ],
    ],
    [
      "nothing is live: nothing to link to",
      { freeBytes: linked, current: { kind: "none" }, releases: [] },
      { upload: link },
      [`disk-full · web2 · /var/www/shop: 2.6 MB needed, 705 kB free. Free 1.9 MB on web2: ${nothing}`],
    ],
    [
      "what another tool made is nothing to link to",
      { freeBytes: linked, releases: [{ id: old, state: "good" }] },
      { upload: link },
      [`disk-full · web2 · /var/www/shop: 2.6 MB needed, 705 kB free. Free 1.9 MB on web2: ${nothing}`],
    ],
    [
      "rsync takes no more",
      { freeBytes: needed },
      { upload: { ...link, method: "rsync", unchanged: "copy" } },
      [],
    ],
    [
      "a release that lies there already needs none",
      { freeBytes: 0, freeInodes: 0, releases: [releaseOf(old), newRelease("ready")] },
      {},
      [],
    ],
  ])("%s", (_, changes, config, expected) => {
    expect(lines(changes, config)).toEqual(expected);
  });

  test.each<[string, Pick<Artifact, "files" | "bytes">, number, number]>([
    ["no file at all", { files: 0, bytes: 0 }, 64 * 4096, 64],
    ["one empty file", { files: 1, bytes: 0 }, 4095 + 65 * 4096 + 1024, 66],
    ["one of 1.1 GB", { files: 1, bytes: 1024 ** 3 }, 1024 ** 3 + 4095 + 65 * 4096 + 1024, 66],
    [
      "10,000 of a byte",
      { files: 10_000, bytes: 10_000 },
      10_000 * 4096 + 2564 * 4096 + 10_000 * 1024,
      12_564,
    ],
  ])("%s", (_, size, bytes, inodes) => {
    const packed = { ...artifact, ...size };
    const enough = { freeBytes: Math.ceil(bytes * 1.05), freeInodes: Math.ceil(inodes * 1.05) };
    expect(lines(enough, {}, packed)).toEqual([]);
    const short = { freeBytes: enough.freeBytes - 1, freeInodes: enough.freeInodes - 1 };
    expect(lines(short, {}, packed)).toEqual([expect.stringContaining("Free 1 B and 1 inode on web2")]);
  });

  test("a reconcile forecasts it for the hosts it sends to, and for no others", () => {
    const done = { ...serving("web1", old, [releaseOf(old)]), freeBytes: 0 };
    const late = reachedHost("web2", { current: { kind: "none" }, releases: [], freeBytes: needed - 1 });
    const packed = { ...artifact, manifest: "b".repeat(64) };
    const request = { kind: "reconcile", now: new Date(0), artifact: packed } as const;
    const facts = [done, late, { ...serving("web3", old, [releaseOf(old)]), freeBytes: 0 }];
    const clock = { clock: 0 };
    const made = plan(
      configOf(),
      facts.map((host) => ({ ...host, ...clock })),
      request,
    );
    expect(made.problems.map(({ code, place }) => [code, place.host])).toEqual([["disk-full", "web2"]]);
  });
});
