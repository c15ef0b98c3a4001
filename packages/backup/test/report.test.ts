import { describe, expect, test } from "@jest/globals";
import {
  progressLine,
  renderBackupMarkdown,
  renderBackupsText,
  renderBackupText,
  restoreCommand,
} from "../src/index.ts";
import { ProgressTeller } from "../src/progress.ts";
import type { Progress } from "../src/types.ts";
import { manifest } from "./fakes/request.ts";

const id = "20261121T084450Z-shop-7f3a";
const made = manifest({
  id,
  release: "20261121T084400Z-4f2a91c",
  live: "20261120T084400Z-aaaaaaa",
  recipients: ["age1x", "age1y"],
  plain: { size: 5_000_000, sha256: "" },
  stored: { key: `${id}.dump.gz.age`, size: 1_000_000, sha256: "" },
  by: "octocat",
  host: "db1",
  signature: { key: "MCow", value: "" },
});
const retained = {
  kept: [{ id, keep: true, because: ["newest"] }],
  removed: [
    { id: "20251121T084450Z-shop-0001", keep: false, because: ["older than the newest 1 proved backup"] },
  ],
  denied: [{ id: "20251120T084450Z-shop-0002", why: "it is under Object Lock" }],
};

test("a backup as text", () => {
  expect(renderBackupText(made, retained).split("\n")).toEqual([
    `Backup ${id}`,
    "  database     shop (PostgreSQL 15.14, 3 tables), by pg_dump 15.14",
    "  size         5.0 MB, stored 1.0 MB (gzip, encrypted to 2 recipients)",
    `  object       ${id}.dump.gz.age`,
    "  proved       read whole by its own tool, read back from the store, not decrypted, since no age key was given",
    "  made by      octocat in 4711, on db1",
    "  signed       by MCow",
    "  took         1 s, the proof 100 ms",
    "  before       release 20261121T084400Z-4f2a91c",
    "  fits         release 20261120T084400Z-aaaaaaa, which was live then",
    "  kept         1 backup",
    "  removed      20251121T084450Z-shop-0001: older than the newest 1 proved backup",
    "  not removed  20251120T084450Z-shop-0002: it is under Object Lock",
  ]);
});

test("whether it was opened with its key", () => {
  const proved = (change: Partial<typeof made>) =>
    /proved +(.*)/.exec(renderBackupText({ ...made, ...change }))?.[1];
  expect(proved({ proofs: ["parsed", "decrypted"] })).toBe("read whole by its own tool, decrypted");
  expect(proved({ proofs: ["parsed"], recipients: [] })).toBe("read whole by its own tool");
});

test("and as Markdown, where a name can be no markup", () => {
  const hostile = { ...made, database: { ...made.database, name: "<b>|x|\u001b[31m" } };
  const lines = renderBackupMarkdown(hostile).split("\n");
  expect(lines[0]).toBe(`### ✅ Backup \`${id}\``);
  expect(lines[2]).toBe(
    "| database | &lt;b&gt;\\|x\\| (PostgreSQL 15.14, 3 tables), by pg\\_dump 15.14 |"
      .replace("(", "\\(")
      .replace(")", "\\)"),
  );
  expect(lines.length).toBe(12);
});

test("the list", () => {
  const orphans = ["20261123T094450Z-shop-0001.globals.sql.zst.age", "20269999T094450Z-shop-0001.dump"];
  const list = { backups: [made], orphans, damaged: [{ key: "b.json", why: "it is no JSON" }] };
  expect(renderBackupsText(list, new Date("2026-11-24T08:44:50Z")).split("\n")).toEqual([
    "id                          made              age     size    database  release                   live then                 proved",
    `${id}  2026-11-21 08:44  3 days  1.0 MB  shop      20261121T084400Z-4f2a91c  20261120T084400Z-aaaaaaa  parsed read-back`,
    "",
    "Data without a manifest (a run that was ended in between, or runs right now):",
    "  20261123T094450Z-shop-0001.globals.sql.zst.age, 23 h old",
    "  20269999T094450Z-shop-0001.dump",
    "",
    "Damaged:",
    "  b.json: it is no JSON",
  ]);
  expect(renderBackupsText({ backups: [], orphans: [], damaged: [] }, new Date())).toBe(
    "There are no backups.",
  );
});

test("the line that brings it back", () => {
  expect(restoreCommand(made, "production")).toBe(
    `deploy restore ${id} --environment production --age-key key.txt --confirm shop`,
  );
  expect(restoreCommand({ ...made, recipients: [] }, "production")).toBe(
    `deploy restore ${id} --environment production --confirm shop`,
  );
  const odd = { ...made, database: { ...made.database, name: "it's $(mine)" } };
  expect(restoreCommand(odd, "production")).toContain("--confirm 'it'\\''s $(mine)'");
});

describe("progress", () => {
  test.each([
    [
      { phase: "dump", done: 1_048_576, total: 4_194_304, rate: 1_048_576 },
      "Dumped 1.0 MB of about 4.2 MB (25 %), 1.0 MB/s, about 3 s left",
    ],
    [{ phase: "dump", done: 5_242_880, total: 4_194_304, rate: 1_048_576 }, "Dumped 5.2 MB, 1.0 MB/s"],
    [{ phase: "verify", done: 4_194_304, total: 4_194_304, rate: 0 }, "Read back 4.2 MB of 4.2 MB (100 %)"],
    [{ phase: "restore", done: 0, total: 0, rate: 0 }, "Restored 0 B"],
  ] satisfies [Progress, string][])("%j", (progress, line) => {
    expect(progressLine(progress)).toBe(line);
  });

  test("is told twice a second, with the rate of the last seconds", () => {
    let now = 0;
    const told: Progress[] = [];
    const teller = new ProgressTeller(
      "dump",
      100_000,
      (each) => told.push(each),
      () => now,
    );
    for (now = 100; now <= 10_000; now += 100) teller.at(now * (now > 5000 ? 2 : 1));
    expect(told.length).toBe(20);
    expect(told[3]).toEqual({ phase: "dump", done: 2000, total: 100_000, rate: 1000 });
    teller.end(20_000);
    expect(told.at(-1)).toMatchObject({ done: 20_000 });
  });
});
