import { existsSync } from "node:fs";
import { join } from "node:path";
import { renderReportText } from "@deploy/core";
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
