import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeWorld, migration, read, type World } from "./world.ts";

const release = "20261122T000000Z-bbbbbbb";
const next = { commit: "b".repeat(40), release };

let world: World;
let old: string;
beforeEach(async () => {
  world = makeWorld();
  old = (await world.deployed()).release;
  const after =
    'cat ~/shop/.deploy/floor >>~/seen; test ! -e ~/refuse || exit 4; echo "$DEPLOY_RELEASE" >>~/dropped';
  world.config = { ...world.config, migrate: { ...migration("echo before >>~/dropped"), after } };
});
afterEach(() => world.dispose());

const dropped = () => read(world, "web1", "../dropped").trim().split("\n");
const told = () =>
  world.events.flatMap((event) =>
    event.kind === "outcome" ? [`${event.outcome.step} ${event.outcome.host}`] : [],
  );

describe("migrate.after", () => {
  test("runs once, when every host is good, and closes the way back before it begins", async () => {
    const report = await world.deploy(next);
    expect([report.result, dropped(), report.next]).toEqual(["deployed", ["before", release], []]);
    expect(told().at(-1)).toBe("after web1");
    expect(read(world, "web1", "../seen")).toContain(release);
    const again = await world.deploy(next);
    expect([again.result, again.changed, dropped()]).toEqual(["deployed", false, ["before", release]]);
    const back = await world.rollback(old);
    expect([back.result, back.problems.map(({ code }) => code)]).toEqual(["failed", ["rollback-floor"]]);
    expect(world.live("web1")).toBe(release);
  });

  test("that fails leaves all hosts on the release; told to, the next run does only that", async () => {
    writeFileSync(join(world.home("web1"), "refuse"), "");
    const report = await world.deploy(next);
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual([
      "attention",
      ["migration-failed"],
    ]);
    expect(report.next.join()).toContain("No rollback leads below this release any more");
    writeFileSync(join(world.home("web1"), "refuse"), "");
    world.config = { ...world.config, migrate: { ...migration("true"), after: "true" } };
    world.events.length = 0;
    const again = await world.deploy({ ...next, migration: { retry: true } });
    expect([again.result, told()]).toEqual([
      "deployed",
      ["lock web1", ...world.hosts.map(() => expect.stringMatching(/^finish /)), "after web1"],
    ]);
  });

  test("does not run where a host went back", async () => {
    world.broken.add(`${release}@web3`);
    const report = await world.deploy(next);
    expect([report.result, dropped()]).toEqual(["reverted", ["before"]]);
    expect((await world.rollback(old)).problems).toEqual([]);
  });
});
