import { DeployError, Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  countRows,
  dropDatabase,
  dump,
  frame,
  inspectSource,
  restoreDump,
  type Server,
  type Source,
  scripts,
  secretLine,
  swapDatabase,
} from "../../src/index.ts";

const server: Server = {
  ...{ host: "db.internal", port: 5433, user: "app", name: "shop" },
  password: new Secret("p:w'\n"),
  options: { sslmode: "verify-full", connect_timeout: "10" },
};
const postgres: Source = { kind: "postgres", server, globals: false };
const sqlite: Source = { kind: "sqlite", path: "/srv/app.db" };
const files: Source = { kind: "files", base: "/srv/shop/shared", paths: ["public/uploads", "log"] };
const command: Source = { kind: "command", directory: "/srv", run: "make dump", verify: "cat" };
const digest = "a".repeat(64);
const whole = { compression: "zstd", bytes: 5, sha256: digest } as const;
const exited = (text: { stdout?: string; stderr?: string }, code = 0) =>
  ({ status: "exited", code, stdout: "", stderr: "", dropped: 0, ...text }) as const;
const refusal = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error instanceof DeployError ? error.problem.code : String(error);
  }
  return "nothing";
};

describe("the commands of a source", () => {
  test("are a verb, its options and the source, never the secret", () => {
    const made = dump(postgres, { compression: "zstd", level: 19 });
    expect({ ...made, script: made.script === scripts.dumpPostgres, parse: undefined }).toEqual({
      ...{
        name: "dump postgres",
        kind: "once",
        script: true,
        payload: true,
        streams: true,
        parse: undefined,
      },
      args: [
        "dump",
        "zstd",
        "19",
        "-",
        "db.internal",
        "5433",
        "app",
        "shop",
        "PGSSLMODE=verify-full",
        "PGCONNECT_TIMEOUT=10",
      ],
      rehearsal: frame(`dumped 0 ${"0".repeat(64)} zstd`),
    });
    expect(inspectSource(sqlite).args).toEqual(["inspect", "/srv/app.db"]);
    expect(dump(postgres, { compression: "auto", globals: true }).args.slice(0, 4)).toEqual([
      "dump",
      "auto",
      "-",
      "globals",
    ]);
    expect(restoreDump(files, { into: "/srv/back", ...whole }).args).toEqual([
      ...["restore", "zstd", "5", digest, "/srv/back", "1", "0", ""],
      ...["/srv/shop/shared", "public/uploads", "log"],
    ]);
    const poor = { into: "x", owners: false, keepGoing: true, tool: "pg_dump 15.1", ...whole };
    expect(restoreDump(postgres, poor).args.slice(4, 8)).toEqual(["x", "0", "1", "pg_dump 15.1"]);
    expect(refusal(() => restoreDump(files, { into: "/srv/back", keepGoing: true, ...whole }))).toBe(
      "argument-refused",
    );
    expect(swapDatabase(sqlite, { from: "/srv/new", keepAs: "/srv/old" }).args).toEqual([
      "swap",
      "/srv/new",
      "/srv/old",
      "0",
      "/srv/app.db",
    ]);
    expect(countRows(sqlite, "/srv/app.db")).toMatchObject({
      kind: "read",
      args: ["count", "/srv/app.db", "/srv/app.db"],
    });
    expect(dropDatabase(sqlite, "/srv/x_deploy_verify_1")).toMatchObject({ kind: "idempotent" });
  });

  test("take the secret as the first line of the payload", () => {
    const text = (source: Source) => Buffer.from(secretLine(source)).toString();
    expect([text(postgres), text(sqlite), text(command)]).toEqual(["703a77270a\n", "\n", "\n"]);
    const odd = { ...postgres, server: { ...server, password: new Secret("a\0b") } };
    expect(refusal(() => secretLine(odd))).toBe("argument-refused");
  });

  const of = (more: Partial<Server>): Source => ({
    kind: "postgres",
    globals: false,
    server: { ...server, ...more },
  });
  test.each<[string, () => unknown]>([
    ["a newline in a name", () => inspectSource(of({ name: "a\nb" }))],
    ["an empty name", () => inspectSource(of({ name: "" }))],
    ["a name that a server would cut", () => inspectSource(of({ name: "é".repeat(32) }))],
    ["a port", () => inspectSource(of({ port: 70_000 }))],
    [
      "an option that could run or read something",
      () => inspectSource(of({ options: { passfile: "/etc/shadow" } })),
    ],
    ["an option with a newline", () => inspectSource(of({ options: { sslmode: "a\nb" } }))],
    ["a relative path", () => inspectSource({ kind: "sqlite", path: "app.db" })],
    ["a path that climbs", () => inspectSource({ kind: "sqlite", path: "/srv/../etc/x" })],
    ["a folder that climbs", () => inspectSource({ ...files, paths: ["../x"] } as Source)],
    ["no folder", () => inspectSource({ ...files, paths: [] } as Source)],
    ["globals of a file", () => dump(sqlite, { compression: "auto", globals: true })],
    ["a size", () => restoreDump(sqlite, { into: "/srv/x", ...whole, bytes: -1 })],
    ["a digest", () => restoreDump(sqlite, { into: "/srv/x", ...whole, sha256: "x" })],
    ["a restore without a command", () => restoreDump(command, { into: "x", ...whole })],
    ["a swap by a command", () => swapDatabase(command, { from: "a", keepAs: "b" })],
    ["rows of a command", () => countRows(command, "x")],
    ["dropping what may be wanted", () => dropDatabase(postgres, "shop")],
    [
      "dropping what only lies beside a scratch name",
      () => dropDatabase(sqlite, "/srv/x_deploy_verify_1/app.db"),
    ],
  ])("refuses %s before any connection", (_title, act) => {
    expect(refusal(act)).toBe("argument-refused");
  });
});

describe("the answers", () => {
  const hex = (text: string) => Buffer.from(text).toString("hex");
  const stream = dump(postgres, { compression: "auto" });
  const dumped = { bytes: 12, sha256: digest, parsed: true, compression: "gzip", warnings: ["é"] };

  test("a dump's is on stderr, behind what the tools said there", () => {
    const answer = frame(`dumped 12 ${digest} gzip`, `warning ${hex("é")}`);
    expect(stream.parse(exited({ stderr: `noise${answer}` }))).toEqual(dumped);
    expect(stream.parse(exited({ stderr: stream.rehearsal }))).toMatchObject({ bytes: 0 });
  });

  test.each([
    ["on stdout", exited({ stdout: frame(`dumped 12 ${digest} gzip`) })],
    ["cut", exited({ stderr: frame(`dumped 12 ${digest} gzip`).slice(0, -5) })],
    ["of another code", exited({ stderr: frame(`dumped 12 ${digest} gzip`) }, 1)],
    [
      "with bytes that were dropped",
      { ...exited({ stderr: frame(`dumped 12 ${digest} gzip`) }), dropped: 1 },
    ],
    ["without its line", exited({ stderr: frame() })],
  ])("an answer %s is none", (_title, result) => {
    expect(refusal(() => stream.parse(result))).toBe("answer-unreadable");
  });

  test("a refusal is thrown", () => {
    const text = `\n--deploy-begin--\nerror backup-failed ${hex("the dump ended 1")}\n--deploy-end-- 65\n`;
    expect(refusal(() => stream.parse(exited({ stderr: text }, 65)))).toBe("backup-failed");
  });

  test("facts, rows, restores and swaps", () => {
    const facts = frame(
      ...[
        `name ${hex("shop")}`,
        `server ${hex("PostgreSQL 15.1")}`,
        `tool ${hex("pg_dump 15.1")}`,
        `identity ${hex("77\n")}`,
      ],
      ...["estimate 900", "tables 3", "compressor zstd", `warning ${hex("one")}`, `warning ${hex("two")}`],
    );
    expect(inspectSource(postgres).parse(exited({ stdout: facts }))).toEqual({
      ...{
        name: "shop",
        server: "PostgreSQL 15.1",
        tool: "pg_dump 15.1",
        identity: "77",
        estimate: 900,
        tables: 3,
      },
      ...{ compressor: "zstd", warnings: ["one", "two"] },
    });
    const rows = frame(`schema ${digest}`, `rows ${hex("a b")} 12`, `rows ${hex("")} 0`);
    expect(countRows(postgres, "shop").parse(exited({ stdout: rows }))).toEqual({
      tables: [
        { name: "a b", rows: 12 },
        { name: "", rows: 0 },
      ],
      schema: digest,
    });
    const restore = restoreDump(postgres, { into: "x", ...whole });
    expect(restore.parse(exited({ stdout: frame("restored 7") }))).toEqual({ tables: 7, warnings: [] });
    const swap = swapDatabase(postgres, { from: "x", keepAs: "y" });
    expect(swap.parse(exited({ stdout: frame("swapped 0") }))).toEqual({ kept: false, warnings: [] });
    expect(swap.parse(exited({ stdout: swap.rehearsal }))).toEqual({ kept: true, warnings: [] });
  });
});
