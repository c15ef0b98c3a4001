import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "@deploy/core";
import { hostTree, needs, pathOfPart, type TreeEntry } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { changeTree, growMany, growTree, randomOf } from "./randomTree.ts";
import { type Deployed, openStage, type Stage } from "./stage.ts";

needs(
  "sshd",
  "ip",
  "busybox",
  "rsync",
  "versitygw",
  "curl",
)("hosts that can do little", () => {
  let [stage, tools]: [Stage, string] = [] as never;
  beforeAll(async () => {
    tools = mkdtempSync(join(tmpdir(), "deploy-busybox-"));
    chmodSync(tools, 0o755);
    const shell = busyboxOnly(tools);
    stage = await openStage({ hosts: [{ shell }, {}, { tmpfs: "64m,nr_inodes=3000" }] });
  });
  afterAll(async () => {
    await stage?.close();
    rmSync(tools, { recursive: true, force: true });
  });

  const uploads = ({ report }: Deployed): readonly (Outcome | undefined)[] =>
    report.hosts.map(({ outcomes }) => outcomes.find(({ step }) => step === "upload"));

  test.each([
    ["artifact", () => ({}), ["artifact", "artifact"]],
    ["hard links", () => ({ unchanged: "link" }), ["artifact", "artifact"]],
    ["rsync", () => ({ method: "rsync" }), ["artifact", "rsync"]],
    ["pull", () => ({ method: "pull", ...stage.store }), ["artifact", "pull"]],
  ] as const)(
    "a host with BusyBox alone, by %s: the same trees, cold and changed",
    async (name, upload, used) => {
      const base = `bb-${name.replaceAll(" ", "-")}`;
      const random = randomOf(7);
      const root = join(stage.folder, base);
      growTree(root, random, 30);
      for (let round = 1; round < 3; round++) {
        const packed = await stage.pack(root, round);
        const deployed = await stage.deploy(packed, { base, upload: upload(), hosts: [0, 1] });
        expect([deployed.report.result, deployed.report.problems]).toEqual(["deployed", []]);
        expect(uploads(deployed).map((outcome) => outcome?.transfer?.method)).toEqual(used);
        const fallen = deployed.report.warnings.filter((text) =>
          text.includes(stage.fleet.hosts[0]?.address ?? ""),
        );
        expect(fallen.length).toBe(used[0] === used[1] ? 0 : 1);
        const trees = [0, 1].map((host) => bare(stage.tree(base, host)));
        expect(trees[0]).toEqual(trees[1]);
        expect(trees[0]).toEqual(bare(hostTree(root)));
        changeTree(root, random, round);
      }
    },
  );

  test("a host without inodes for it is refused before the first byte, by name; the others are let alone", async () => {
    const root = join(stage.folder, "many");
    growMany(root, 2_900);
    const packed = await stage.pack(root, 1);
    const { report } = await stage.deploy(packed, { base: "inodes", hosts: [1, 2] });
    const short = stage.fleet.hosts[2]?.address;
    expect([report.result, report.problems.map(({ code, place }) => [code, place.host])]).toEqual([
      "failed",
      [["disk-full", short]],
    ]);
    expect(report.problems[0]?.message).toMatch(/inodes needed, \d+ free/);
    expect([1, 2].map((host) => readdirSync(stage.fleet.hosts[host]?.root ?? "").includes("inodes"))).toEqual(
      [false, false],
    );
  });
});

/** A login shell in whose PATH there is nothing but the programs of BusyBox: no rsync, no zstd, no curl, no GNU tool. */
function busyboxOnly(folder: string): string {
  const busybox = pathOfPart("busybox") ?? "/usr/bin/busybox";
  mkdirSync(join(folder, "bin"));
  for (const name of execFileSync(busybox, ["--list"]).toString().trim().split("\n")) {
    symlinkSync(busybox, join(folder, "bin", name));
  }
  const shell = join(folder, "shell");
  writeFileSync(shell, `#!${busybox} sh\nPATH='${folder}/bin' exec ${busybox} sh "$@"\n`, { mode: 0o755 });
  return shell;
}

/** Without what is ours, modes of links and times (a tree of this machine has its own). */
function bare(tree: readonly TreeEntry[]): unknown {
  return tree
    .filter(({ path }) => path !== "REVISION" && path !== "RELEASE")
    .map(({ mtime: _, mode, ...entry }) => ({ ...entry, mode: entry.type === "link" ? "" : mode }));
}
