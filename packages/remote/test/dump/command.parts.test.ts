import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { dump, inspectSource, render, type Source, secretLine } from "../../src/index.ts";
import { sha256 } from "../stream.ts";
import { type DumpHost, dumpHost } from "./host.ts";
import { shells } from "./shells.ts";

describe.each(shells)("a command's dump on $name", (shell) => {
  let host: DumpHost;
  beforeEach(() => {
    host = dumpHost(shell);
  });
  afterEach(() => host.remove());
  const of = (
    run: string,
    verify = "cat >/dev/null",
    more: Partial<Extract<Source, { kind: "command" }>> = {},
  ): Source => ({
    ...{ kind: "command", directory: host.home, run, verify },
    ...more,
  });
  const leftovers = () => readdirSync(join(host.home, "tmp"));
  const plain = { compression: "none" } as const;

  test("is looked at, dumped, checked, counted and hashed in one pass", async () => {
    const source = of("printf 'a\\000b\\n'; printf 'note' >&2", 'test "$(wc -c)" -eq 4');
    expect(await host.askOf(inspectSource(source), source)).toEqual({
      ...{ name: host.home, server: "sh", tool: "sh", identity: "", estimate: 0, tables: 0 },
      ...{ compressor: "zstd", warnings: [] },
    });
    for (const compression of ["none", "gzip", "zstd", "auto"] as const) {
      const { dumped, plain } = await host.take(dump(source, { compression, level: 3 }), source);
      expect(dumped).toEqual({
        ...{ bytes: 4, sha256: sha256("a\0b\n"), parsed: true, warnings: [] },
        compression: compression === "auto" ? "zstd" : compression,
      });
      expect(plain.toString("latin1")).toBe("a\0b\n");
    }
    expect(leftovers()).toEqual([]);
  });

  test.each([
    ["the dump ended 3: oops", "echo whole; echo oops >&2; exit 3", "cat >/dev/null"],
    ["the dump ended 137:", "echo whole; kill -9 $$", "cat >/dev/null"],
    ["the check of the dump ended 1: half", "echo half", "grep -q whole || { echo half >&2; exit 1; }"],
    [
      "the check of the dump ended 4: no",
      "i=0; while [ $i -lt 8000 ]; do echo 'a line that fills the pipe'; i=$((i + 1)); done",
      "echo no >&2; exit 4",
    ],
    ["no space on this host", "echo 'cannot write: No space left on device' >&2; exit 1", "cat >/dev/null"],
  ])("%s: no answer", async (message, run, verify) => {
    const source = of(run, verify);
    const [code, said] = await host.take(dump(source, plain), source).then(
      () => ["ok", ""],
      (error) => [error.problem.code, error.problem.message],
    );
    expect([code, said.slice(0, message.length)]).toEqual([
      message.startsWith("no space") ? "disk-full" : "backup-failed",
      message,
    ]);
    expect(leftovers()).toEqual([]);
  });

  test("commands know their release, and a restore its target", async () => {
    const directory = join(host.home, "to/releases/20261121");
    mkdirSync(directory, { recursive: true });
    const told = 'printf "%s|" "$DEPLOY_RELEASE" "$DEPLOY_TO" "$DEPLOY_SHARED_PATH" "$(pwd)"';
    const source = of(told, "cat >/dev/null", { directory, restore: 'cat >"$DEPLOY_RESTORE_INTO"' });
    const taken = await host.take(dump(source, plain), source);
    const to = join(host.home, "to");
    expect(taken.plain.toString()).toBe(`20261121|${to}|${to}/shared|${directory}|`);
    const into = "it's back";
    expect(await host.restore(source, taken, { into })).toEqual({ tables: 0, warnings: [] });
    expect(readFileSync(join(directory, into), "utf8")).toBe(taken.plain.toString());
    const failing = { ...source, restore: "echo 'no room for it' >&2; exit 9" } as Source;
    expect(await host.refusedRestore(failing, taken, { into })).toEqual([
      "restore-failed",
      "the restore ended 9: no room for it",
    ]);
  });

  test("a signal leaves nothing behind, nor does the one who was killed before", async () => {
    const tmp = join(host.home, "tmp");
    const here = readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
    const others = [
      `.deploy-dump.${process.pid}.${here}.live`,
      ".deploy-dump.999999999.1.in-another-container",
      ".deploy-dump.x",
    ];
    for (const name of [`.deploy-dump.999999999.${here}.left`, ...others]) mkdirSync(join(tmp, name));
    symlinkSync(host.home, join(tmp, `.deploy-dump.999999998.${here}.link`));
    const source = of("touch started; sleep 600");
    const { line, input } = render(dump(source, plain));
    const child = spawn("/bin/sh", ["-c", line], { env: host.env, cwd: host.home, detached: true });
    const closed = new Promise((done) => child.once("close", done));
    child.stdin.end(Buffer.concat([input, secretLine(source)]));
    while (!existsSync(join(host.home, "started"))) await new Promise((done) => setTimeout(done, 20));
    process.kill(-(child.pid ?? 0), "SIGTERM");
    await closed;
    expect(leftovers().sort()).toEqual([`.deploy-dump.999999998.${here}.link`, ...others].sort());
  });

  test("somebody cleans the temporary folder meanwhile: it fails, and does not wait for ever", async () => {
    const source = of("echo whole");
    for (const code of [0, 1]) {
      // Once more where another part has just written there: rm then leaves the folder.
      host.fake("tee", `until rm -rf "$TMPDIR"/.deploy-dump.*; do :; done; exit ${code}`);
      await expect(host.take(dump(source, plain), source)).rejects.toThrow(
        "no code of the dump could be kept",
      );
    }
  });

  test("a check that stops reading early and is content does not break the dump; nothing is a dump too", async () => {
    const source = of(
      "i=0; while [ $i -lt 8000 ]; do echo 'a line that fills the pipe'; i=$((i + 1)); done",
      "true",
    );
    expect((await host.take(dump(source, plain), source)).dumped.bytes).toBe(8000 * 27);
    const empty = of("true");
    expect((await host.take(dump(empty, { compression: "auto" }), empty)).dumped.bytes).toBe(0);
  });
});

test("a temporary folder that is full is named, and is no dump", async () => {
  const host = dumpHost({ name: "sh", sh: "/bin/sh" });
  const tmp = join(host.home, "tmp");
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp]);
  if (mounted.status !== 0) {
    host.remove();
    return; // only root may mount
  }
  try {
    const of = (run: string): Source => ({
      kind: "command",
      directory: host.home,
      run,
      verify: "cat >/dev/null",
    });
    const full = of(`cat /dev/zero >'${tmp}/fill'; echo whole`);
    const refused = await host
      .take(dump(full, { compression: "none" }), full)
      .catch((error) => error.problem);
    expect(refused).toMatchObject({
      code: "disk-full",
      message: expect.stringContaining(`(0 bytes are free in ${tmp})`),
    });
    expect(readdirSync(tmp)).toEqual(["fill"]);
    writeFileSync(join(tmp, "fill"), Buffer.alloc(65_536 - 4096));
    const whole = of("echo whole");
    expect(
      (await host.take(dump(whole, { compression: "none" }), whole).catch((error) => error.problem)).code,
    ).toBe("disk-full");
  } finally {
    spawnSync("umount", [tmp]);
    host.remove();
  }
});
