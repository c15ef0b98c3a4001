import { fileTime } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  countRows,
  current,
  dump,
  finish,
  frame,
  gitStage,
  inspectSource,
  jobFollow,
  jobList,
  listLeft,
  markReady,
  probe,
  receive,
  restoreDump,
  rsyncStage,
  type Source,
} from "../src/index.ts";
import { touchTime } from "../src/upload/receive.ts";
import { releaseA } from "./scenario.ts";
import { streamOf } from "./stream.ts";

const base = "/srv/shop";
const fence = { base, token: 1, owner: "run-1" };
const database: Source = { kind: "sqlite", path: "/srv/app.db" };
const sha = "a".repeat(64);
const restore = { into: "/srv/new.db", compression: "none", bytes: 1, sha256: sha } as const;
const tenant = { app: "shop", environment: "production", repository: "" };
const making = { ...streamOf({}).options, from: null, shared: { directories: [], files: [] }, ready: true };

const host = [
  "user u",
  "clock 5",
  "writable 1",
  "kilobytes 1",
  "inodes 1",
  "current none -",
  "strangers ",
  "adopted 0",
];
const but = (key: string, told: string) =>
  host.map((line) => (line.startsWith(`${key} `) ? `${key} ${told}` : line));
const facts = ["name ", "server ", "tool ", "identity ", "estimate 1", "tables 1", "compressor none"];
const source = (key: string, told: string) =>
  facts.map((line) => (line.startsWith(`${key} `) ? `${key} ${told}` : line));

/** What each command understands, by the lines of an answer. */
const commands = {
  probe: probe({ base, sharedFiles: [], journal: 0 }),
  current: current(base),
  finish: finish({ fence, release: releaseA, bad: null, removals: [] }),
  ready: markReady({ fence, release: releaseA }),
  follow: jobFollow({ base, job: "a", offset: 0, wait: 0 }),
  jobs: jobList(base),
  inspect: inspectSource(database),
  count: countRows(database, "/srv/app.db"),
  left: listLeft(database),
  restore: restoreDump(database, restore),
  dump: dump(database, { compression: "none" }),
  git: gitStage({
    ...{ fence, release: releaseA, commit: "a".repeat(40), repository: "https://host/shop.git" },
    ...{ hostKeys: [], access: "none" },
  }),
  rsync: rsyncStage({ fence, release: releaseA, from: null, args: [] }),
} as const;
type Name = keyof typeof commands;

const exited = (lines: readonly string[]) =>
  ({ status: "exited", code: 0, dropped: 0, stdout: frame(...lines), stderr: "" }) as const;

function read(name: Name, lines: readonly string[]): unknown {
  const text = frame(...lines);
  const { parse, streams } = commands[name] as { parse: (result: never) => unknown; streams?: true };
  const on = streams === true ? { stdout: "", stderr: text } : { stdout: text, stderr: "" };
  return parse({ status: "exited", code: 0, dropped: 0, ...on } as never);
}

const huge = "9".repeat(400);
/** No whole numbers, or such as nobody can count with. */
const noNumbers = ["", "-1", "1.5", "1e3", "0x10", "NaN", "Infinity", "9007199254740993", huge, "$(id)"];
const noReleases = ["", "..", "../../etc", "1/2", "-rf", "x", "~", `1${"0".repeat(64)}`, "1\u202e"];
const noDigests = ["", "abc", sha.toUpperCase(), `${sha}0`, "../a"];

describe.each<readonly [string, Name, (told: string) => readonly string[], string, readonly string[]]>([
  ["a host's clock", "probe", (told) => but("clock", told), "5", [...noNumbers, "4294967296"]],
  ["a release that lies there", "probe", (told) => [...host, `release ${told} `], "2", noReleases],
  [
    "a job that was begun",
    "probe",
    (told) => [...host, `job ${told} done 0 -`],
    "a",
    ["..", "a/b", "$(id)", "é"],
  ],
  ["what is live", "current", (told) => [`current release ${told} `], "2", noReleases],
  ["a release that was removed", "finish", (told) => [`removed ${told}`], "2", noReleases],
  ["the state of a release", "ready", (told) => [`state ${told}`], "good", ["", "great", "__proto__"]],
  [
    "the name of a job",
    "follow",
    (told) => [`job ${told} done 0 1 0 0 same - - - - - 0 `],
    "a",
    ["..", "a/b"],
  ],
  ["a number of jobs", "jobs", (told) => [`archived ${told}`], "2", noNumbers],
  ["an estimate", "inspect", (told) => source("estimate", told), "5", noNumbers],
  ["a number of tables", "inspect", (told) => source("tables", told), "5", noNumbers],
  ["a compression", "inspect", (told) => source("compressor", told), "zstd", ["", "rot13", "toString"]],
  ["rows of a table", "count", (told) => [`schema ${sha}`, `rows 61 ${told}`], "5", noNumbers],
  ["the hash of a schema", "count", (told) => [`schema ${told}`], sha, noDigests],
  ["the size of what is left", "left", (told) => [`left 61 ${told}`], "5", noNumbers],
  ["restored tables", "restore", (told) => [`restored ${told}`], "5", noNumbers],
  ["the size of a dump", "dump", (told) => [`dumped ${told} ${sha} none`], "5", noNumbers],
  ["the hash of a dump", "dump", (told) => [`dumped 5 ${told} none`], sha, noDigests],
  ["the compression of a dump", "dump", (told) => [`dumped 5 ${sha} ${told}`], "gzip", ["", "rot13"]],
  ["fetched bytes", "git", (told) => [`fetched ${told} 0`], "5", noNumbers],
  ["kept bytes", "git", (told) => [`fetched 0 ${told}`], "5", noNumbers],
  ["linked files", "rsync", (told) => [`received ${told}`], "5", noNumbers],
])("%s", (_, name, lines, honest, hostile) => {
  test("is understood", () => expect(read(name, lines(honest))).toBeDefined());
  test.each(hostile)("is never %j", (told) => {
    expect(() => read(name, lines(told))).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: "answer-unreadable" }) }),
    );
  });
});

const told = (...lines: readonly string[]) => read("probe", [...host, ...lines]);
const record = (more: object) =>
  `release ${releaseA} ${JSON.stringify({ schema: 1, state: "good", ...more })}`;
const bare = { id: releaseA, state: "good" };

test.each<readonly [string, string, object]>([
  ["a time that no file can have", record({ time: 2 ** 53 - 2 }), { releases: [bare] }],
  ["a time before all times", record({ time: -5 }), { releases: [bare] }],
  ["a manifest that is no digest", record({ manifest: "../x" }), { releases: [bare] }],
  ["a commit with more than a word in it", record({ commit: "a\nb" }), { releases: [bare] }],
  ["a weight like a star's", record({ weight: `${huge} 5` }), { releases: [bare] }],
  ["another version of rsync than a number", "rsync 3.2\u202e7", { rsyncVersion: "" }],
  ["room for more than there is", `reclaim ${huge} 1`, {}],
  [
    "a job of no release",
    "job a done 999 ../x",
    { jobs: [{ id: "a", state: "done", code: 999, release: "" }] },
  ],
])("%s counts for nothing", (_, line, expected) => {
  expect(told(line)).toMatchObject(expected);
  expect(told(line)).not.toHaveProperty("reclaim");
});

test("room without end is as much as can be counted", () => {
  for (const size of [huge, "", "none"])
    expect(read("probe", but("kilobytes", size))).toMatchObject({
      freeBytes: Number.MAX_SAFE_INTEGER - 1023,
    });
});

test("a clock of the last second gives files a time that can be written", () => {
  const facts = commands.probe.parse(exited(but("clock", String(2 ** 32 - 1))));
  const time = fileTime([{ host: "web1", reached: true, ...facts }], releaseA);
  expect(touchTime(time)).toBe("210602070628.16");
  const { args } = receive({ ...making, fence, release: releaseA, tenant, mtime: time });
  expect(args).toContain("210602070628.16");
});
