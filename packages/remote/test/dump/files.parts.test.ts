import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { countRows, dropDatabase, dump, inspectSource, type Source, swapDatabase } from "../../src/index.ts";
import { treeOf } from "../host.ts";
import { type TarEntry, tarOf } from "../stream.ts";
import { type DumpHost, dumpHost, takenFrom } from "./host.ts";
import { shells } from "./shells.ts";

const auto = { compression: "auto" } as const;
const long = "deep ".repeat(20).trim();

describe.each(shells)("a dump of folders on $name", (shell) => {
  let host: DumpHost;
  let base: string;
  const source = (...paths: string[]): Source => ({
    kind: "files",
    base,
    paths: paths.length > 0 ? paths : ["up loads", "data/-x"],
  });
  beforeEach(() => {
    host = dumpHost(shell);
    base = join(host.home, "it's shared");
    mkdirSync(join(base, "up loads", long, long), { recursive: true });
    mkdirSync(join(base, "data/-x/empty"), { recursive: true });
    mkdirSync(join(base, "not this"));
    writeFileSync(join(base, "not this/secret"), "x");
    writeFileSync(join(base, "up loads", long, long, "naïve 😀.txt"), "one", { mode: 0o640 });
    writeFileSync(join(base, "up loads/-rf"), Buffer.from([0, 255, 10, 0]));
    writeFileSync(join(base, "data/-x/new\nline"), "two");
    symlinkSync("../data/-x", join(base, "up loads/inside"));
    symlinkSync(join(base, "up loads"), join(base, "data/-x/absolute"));
  });
  afterEach(() => {
    expect([
      readdirSync(join(host.home, "tmp")),
      readdirSync(host.home).filter((name) => name.startsWith(".deploy")),
    ]).toEqual([[], []]);
    host.remove();
  });
  const at = (name: string) => join(host.home, name);

  test("goes out whole, comes back as it was, and is swapped in", async () => {
    const one = source();
    const facts = await host.askOf(inspectSource(one), one);
    const version = expect.stringMatching(/^tar \(/);
    expect(facts).toEqual({
      ...{ name: join(base, "up loads"), server: version, tool: version, identity: "" },
      ...{ tables: 3, estimate: expect.any(Number), compressor: "zstd", warnings: [] },
    });
    const taken = await host.take(dump(one, auto), one);
    expect([taken.dumped.warnings, taken.plain.length < facts.estimate]).toEqual([[], true]);
    const into = at("x_deploy_verify_1");
    expect(await host.restore(one, taken, { into })).toEqual({ tables: 3, warnings: [] });
    const was = treeOf(base);
    const { "not this": _, "not this/secret": __, ...wanted } = was;
    expect(treeOf(into)).toEqual(wanted);
    const counted = await host.askOf(countRows(one, into), one);
    expect(counted).toEqual(await host.askOf(countRows(one, base), one));
    expect(counted.tables).toEqual([
      { name: "up loads", rows: 2 },
      { name: "data/-x", rows: 1 },
    ]);
    writeFileSync(join(base, "up loads/later"), "new");
    expect(await host.askOf(swapDatabase(one, { from: into, keepAs: at("kept") }), one)).toEqual({
      kept: true,
      warnings: [],
    });
    expect([treeOf(base), existsSync(into), readFileSync(at("kept/up loads/later"), "utf8")]).toEqual([
      was,
      false,
      "new",
    ]);
    await host.restore(one, taken, { into });
    await host.askOf(dropDatabase(one, into), one);
    expect(existsSync(into)).toBe(false);
  });

  test("a swap that fails half way is taken back", async () => {
    const one = source();
    await host.restore(one, await host.take(dump(one, auto), one), { into: at("aside") });
    const before = [treeOf(base), treeOf(at("aside"))];
    host.fake(
      "mv",
      `case "$*" in *"aside/data/-x "*) echo no >&2; exit 1 ;; esac; PATH=/usr/bin:/bin exec mv "$@"`,
    );
    expect(await host.refusedOf(swapDatabase(one, { from: at("aside"), keepAs: at("kept") }), one)).toEqual([
      "restore-failed",
      "the folders were not renamed: no",
    ]);
    expect([[treeOf(base), treeOf(at("aside"))], existsSync(at("kept"))]).toEqual([before, false]);
  });

  test.each([
    ["an absolute link", (up: string) => symlinkSync("/etc/passwd", join(up, "out"))],
    ["a link above the base", (up: string) => symlinkSync("../../.ssh", join(up, "out"))],
    ["a link that passes another one", (up: string) => symlinkSync("inside/../../../x", join(up, "out"))],
  ])("%s is refused before it is backed up", async (_title, plant) => {
    plant(join(base, "up loads"));
    const one = source();
    const [code, message] = await host.refusedOf(inspectSource(one), one);
    expect([code, message.slice(0, 55)]).toEqual([
      "backup-source",
      `no restore would create ./up loads/out, a link to ${message.slice(50, 55)}`,
    ]);
    await expect(host.take(dump(one, auto), one)).rejects.toThrow("no restore would create");
  });

  test("a folder that is missing, or behind a link, is refused", async () => {
    symlinkSync("up loads", join(base, "alias"));
    expect((await host.refusedOf(inspectSource(source("none")), source()))[1]).toBe(
      `there is no folder none in ${base}`,
    );
    expect((await host.refusedOf(inspectSource(source("alias")), source()))[0]).toBe("backup-source");
  });

  const entry = (name: string, more: Partial<TarEntry> = {}): TarEntry => ({
    name,
    flag: "0",
    mode: 0o644,
    ...more,
  });
  test.each([
    ["an absolute path", [entry("/tmp/deploy-evil", { text: "x" })]],
    ["a path above", [entry("./up/../../evil", { text: "x" })]],
    ["a link out", [entry("./up/out", { flag: "2", target: "../../../etc" })]],
    [
      "a file through a link",
      [entry("./up", { flag: "2", target: ".." }), entry("./up/evil", { text: "x" })],
    ],
    ["a hard link out", [entry("./up", { flag: "1", target: "/etc/passwd" })]],
    ["a set-user-id file", [entry("./up/sh", { mode: 0o4755, text: "x" })]],
  ])("%s in a backup is not restored", async (_title, entries) => {
    const taken = takenFrom(Buffer.from(tarOf(entries)));
    const [code] = await host.refusedRestore(source(), taken, { into: at("back") });
    expect([["restore-unsafe", "restore-failed"].includes(code), existsSync(at("back"))]).toEqual([
      true,
      false,
    ]);
    expect([existsSync(at("evil")), existsSync("/tmp/deploy-evil")]).toEqual([false, false]);
  });

  const swapped = (home: string) =>
    `mv "$d" '${home}/moved'; mkdir '${home}/evil'; ln -s '${home}/private' '${home}/evil/tree'; ln -s evil "$d"`;
  test.each([
    [
      "its folder as soon as that is made",
      "mktemp",
      (home: string) =>
        `d=$(mktemp "$@"); case $d in ./*) rmdir "$d"; ln -s '${home}/private' "$d" ;; esac; echo "$d"`,
    ],
    [
      "its folder before tar writes",
      "tar",
      (home: string) =>
        `case "$*" in *-xpf*) for d in '${home}'/.deploy-dump.*; do ${swapped(home)}; done ;; esac; exec tar "$@"`,
    ],
    [
      "the new place before it is taken",
      "mv",
      (home: string) => `ln -s private '${home}/back' 2>/dev/null; exec mv "$@"`,
    ],
  ])("a restore is not led away by a link in the place of %s", async (_title, program, text) => {
    const kept = at("private");
    mkdirSync(kept, { mode: 0o700 });
    writeFileSync(join(kept, "authorized_keys"), "mine");
    const before = treeOf(kept);
    const taken = takenFrom(Buffer.from(tarOf([entry("./authorized_keys", { text: "theirs" })])));
    host.fake(program, `PATH=/usr/bin:/bin\n${text(host.home)}`);
    const [code] = await host.refusedRestore(source(), taken, { into: at("back") });
    expect([["path-unsafe", "restore-failed"].includes(code), treeOf(kept)]).toEqual([true, before]);
  });

  test("what is cut or altered on its way is not restored", async () => {
    const one = source();
    for (const compression of ["none", "gzip", "zstd"] as const) {
      const taken = await host.take(dump(one, { compression }), one);
      const flipped = Buffer.from(taken.stored);
      const middle = flipped.length >> 1;
      // Eight bytes: a single bit may be one that zstd does not need, and the same content is no damage.
      for (let at = middle; at < middle + 8; at += 1) flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      for (const stored of [flipped, taken.stored.subarray(0, middle), Buffer.alloc(0)]) {
        const [code] = await host.refusedRestore(one, { ...taken, stored }, { into: at("back") });
        expect([compression, stored.length, code, existsSync(at("back"))]).toEqual([
          compression,
          stored.length,
          "restore-damaged",
          false,
        ]);
      }
    }
  });
});

test("files that change while tar reads them are named, and the dump counts", async () => {
  const host = dumpHost({ name: "sh", sh: "/bin/sh" });
  const base = join(host.home, "base");
  mkdirSync(join(base, "up"), { recursive: true });
  writeFileSync(join(base, "up/growing"), Buffer.alloc(1 << 20));
  const one: Source = { kind: "files", base, paths: ["up"] };
  const said = "tar: ./up/growing: file changed as we read it";
  host.fake(
    "tar",
    `case "$*" in *-cf*) echo '${said}' >&2; PATH=/usr/bin:/bin tar "$@"; exit 1 ;; esac; PATH=/usr/bin:/bin exec tar "$@"`,
  );
  expect((await host.take(dump(one, auto), one)).dumped.warnings).toEqual([
    `while tar read the files: ${said};`,
  ]);
  host.fake(
    "tar",
    `case "$*" in *-cf*) echo '${said}' >&2; echo 'tar: ./up/x: Cannot open: Permission denied' >&2; exit 1 ;; esac; PATH=/usr/bin:/bin exec tar "$@"`,
  );
  await expect(host.take(dump(one, auto), one)).rejects.toThrow("Permission denied");
  host.remove();
});
