import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { makeWorld, read, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

function worldWith(file: string): World {
  const made = makeWorld({ prepare: [{ run: 'printf %s "$MULTI" >said', envFile: ".env", roles: [] }] });
  for (const host of made.hosts) {
    mkdirSync(join(made.home(host), "shop/shared"), { recursive: true });
    writeFileSync(join(made.home(host), "shop/shared/.env"), file);
  }
  return made;
}

test("a value over two lines arrives whole", async () => {
  world = worldWith('MULTI="line one\ntwo=2"\n');
  expect((await world.deploy()).result).toBe("deployed");
  expect(read(world, "web2", "current/said")).toBe("line one\ntwo=2");
});

test("a line that can be read in two ways stops the run, which shows no frame of ours", async () => {
  world = worldWith("MULTI=$(id)\n");
  const report = await world.deploy();
  expect(report.problems.find(({ place }) => place.host === "web1")).toMatchObject({
    code: "env-file-malformed",
    message: expect.stringContaining(`line 1 of ${join(world.home("web1"), "shop/shared/.env")} has a $`),
    hint: expect.stringContaining("Single quotes"),
  });
  expect(world.events.filter((event) => event.kind === "output" && event.text.includes("--deploy-"))).toEqual(
    [],
  );
});
