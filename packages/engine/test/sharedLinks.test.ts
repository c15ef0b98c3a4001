import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { makeWorld, migration, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

const replace = "rm uploads && mkdir uploads";

test.each([
  [
    "a prepare command, and nothing is migrated",
    { prepare: [{ run: replace, roles: [] }], migrate: migration("false") },
  ],
  ["the migration", { migrate: migration(replace) }],
])("a shared link that is replaced by %s switches nobody", async (_, commands) => {
  world = makeWorld();
  const first = await world.deployed();
  Object.assign(world.config, commands);
  world.write({ "index.html": "two" });
  const report = await world.deploy({ commit: "b".repeat(40) });
  expect(report.result).toBe("failed");
  expect(report.problems[0]).toMatchObject({
    code: "shared-replaced",
    message: `${join(world.home("web1"), "shop/releases", report.release, "uploads")} is no longer the link to ${join(world.home("web1"), "shop/shared/uploads")}`,
    place: { host: "web1" },
  });
  expect(world.hosts.map((host) => world.live(host))).toEqual([first.release, first.release, first.release]);
});
