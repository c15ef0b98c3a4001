import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Plan, renderPlanMarkdown, renderPlanText, stepKinds } from "@deploy/core";
import { afterEach, beforeAll, expect, test } from "@jest/globals";
import { runners } from "../../src/steps/runners.gen.ts";
import { makeWorld, type World } from "../world.ts";
import { lamp as kind } from "./kind.ts";
import { runner } from "./runner.ts";

beforeAll(() => {
  Object.assign(stepKinds, { lamp: kind });
  Object.assign(runners, { lamp: runner });
});
let world: World;
afterEach(() => world.dispose());
const lit = () => world.hosts.filter((host) => existsSync(join(world.home(host), "lamp")));

test("a kind of step that nobody knew is planned, shown, run and reported", async () => {
  world = makeWorld();
  let plan: Plan | undefined;
  const report = await world.deploy({ before: (made) => (plan = made) });
  if (plan === undefined) throw new Error("nothing was planned");
  expect(plan.headline).toContain("switch together, lamp");
  expect(renderPlanText(plan)).toContain("\n  4. lamp on all 3 hosts: a green lamp is lit\n");
  expect(renderPlanMarkdown(plan)).toContain('  s3["lamp<br>3 hosts"]\n');
  expect(renderPlanMarkdown(plan)).toContain("  s3 -. fails .-> back\n");
  expect([report.result, lit()]).toEqual(["deployed", world.hosts]);
  expect(
    report.hosts.map(({ outcomes }) => outcomes.map(({ id, detail }) => [id, detail]))[1],
  ).toContainEqual(["lamp", "lit"]);
});

test("and undone with the others, the last wave's own steps towards the release before", async () => {
  world = makeWorld();
  const first = await world.deploy();
  for (const host of world.hosts) expect(existsSync(join(world.home(host), "lamp"))).toBe(true);
  writeFileSync(join(world.home("web2"), "dark"), "");
  const report = await world.deploy({ commit: "b".repeat(40) });
  expect([report.result, report.headline]).toEqual([
    "reverted",
    expect.stringContaining("lamp failed on web2 (`test ! -e ~/dark && touch ~/lamp` exited 1)"),
  ]);
  expect(lit()).toEqual([]);
  expect(world.hosts.map((host) => world.live(host))).toEqual(world.hosts.map(() => first.release));
  const undoes = report.hosts.flatMap(({ outcomes }) => outcomes.flatMap((outcome) => outcome.undoes ?? []));
  expect(new Set(undoes)).toEqual(new Set(["switch", "lamp"]));
});
