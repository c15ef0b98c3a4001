import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Report, renderReportText } from "@deploy/core";
import { frame } from "@deploy/remote";
import { afterEach, expect, test } from "@jest/globals";
import { around, lost } from "./wires.ts";
import { makeWorld, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

const hex = (text: string) => Buffer.from(text).toString("hex");
const again = (n: number) => world.deploy({ commit: String(n).repeat(40) });

test("what could not be deleted is a warning of the report, with the host", async () => {
  world = makeWorld();
  const stuck = `stuck ${hex("20200101000000")} ${hex("/x belongs to www-data (uid 33)")}`;
  world.faults.set(
    "web2",
    around("finish", async (transport, command, options) => {
      const result = await transport.exec(command, options);
      return { ...result, stdout: frame(stuck) };
    }),
  );
  const report = await world.deploy();
  const warning = "web2: 20200101000000 could not be removed: /x belongs to www-data (uid 33)";
  expect([report.result, report.warnings.at(-1)]).toEqual(["deployed", warning]);
  expect(renderReportText(report)).toContain(`! ${warning}`);
});

test("a process that lives in an old release is named, and its release stays until it is over", async () => {
  world = makeWorld({ keepReleases: 1 });
  const first = await again(1);
  const folder = join(world.home("web2"), "shop/releases", first.release);
  const stale = spawn("sleep", ["1000"], { cwd: folder });
  await once(stale, "spawn");
  const report = await again(2);
  const about = ({ warnings }: Report) => warnings.filter((text) => text.includes("process"));
  expect(about(report)).toEqual([
    `web2: process ${stale.pid} (sleep) still lives in release ${first.release}, and will see no deploy until it is started again`,
  ]);
  expect(renderReportText(await again(3))).toContain(
    `kept ${first.release}: process ${stale.pid} (sleep) lives`,
  );
  expect([existsSync(folder), existsSync(folder.replace("web2", "web1"))]).toEqual([true, false]);
  stale.kill();
  await once(stale, "exit");
  expect(about(await again(4))).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test("a login that is not root cannot know of all processes, and what it removes says so", async () => {
  world = makeWorld();
  const finish = around("finish", async (transport, command, options) => {
    const result = await transport.exec(command, options);
    return { ...result, stdout: frame("removed 20200101000000", "unseen") };
  });
  world.faults.set("web2", finish);
  expect(renderReportText(await world.deploy())).toContain(
    "removed 20200101000000; whether processes of other users live there is not known",
  );
});

test("what keep-for keeps is told in the report", async () => {
  world = makeWorld({ keepReleases: 1, keepFor: 3_600_000 });
  const first = await again(1);
  await again(2);
  const report = await again(3);
  expect(renderReportText(report)).toMatch(
    new RegExp(`marked good; kept ${first.release}: it was live until \\S+Z, less than 3600 seconds ago`),
  );
  expect(existsSync(join(world.home("web1"), "shop/releases", first.release))).toBe(true);
});

test.each([
  ["one host, and the others know: a rollback goes to it", ["web3"], 1],
  ["every host, so that nobody knows: a rollback passes it by", ["web1", "web2", "web3"], 0],
] as const)("the proof of a release is not written on %s", async (_, hosts, target) => {
  world = makeWorld();
  const first = await again(1);
  for (const host of hosts)
    world.faults.set(
      host,
      around("finish", async () => lost),
    );
  const second = await again(2);
  world.faults.clear();
  expect((await again(3)).result).toBe("deployed");
  const back = await world.rollback();
  expect([second.result, back.result, back.release]).toEqual([
    "attention",
    "deployed",
    [first, second][target]?.release,
  ]);
});
