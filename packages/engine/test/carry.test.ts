import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { afterEach, expect, test } from "@jest/globals";
import { makeWorld, read, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

const run = 'echo >>"$DEPLOY_TO/../ran"; mkdir deps && cp lock deps/of';

function worldWith(command: string): World {
  const made = makeWorld({
    prepare: [
      { run: command, roles: [], reads: ["lock"], makes: ["deps"], tools: ["echo 1"] },
      { run: "test -e deps/of", roles: [] },
    ],
  });
  made.write({ lock: "one" });
  return made;
}

const runs = (host: string): number => {
  const file = join(world.home(host), "ran");
  return existsSync(file) ? readFileSync(file, "utf8").length : 0;
};

const said = ({ hosts }: Report) =>
  hosts.map(({ outcomes }) => outcomes.find(({ id }) => id === "prepare-1")?.detail);

test("a command whose files did not change is run once, and the report says what that saved", async () => {
  world = worldWith(run);
  const first = await world.deploy();
  expect([first.result, ...said(first)]).toEqual(["deployed", run, run, run]);
  world.write({ "index.html": "two" });
  const second = await world.deploy({ commit: "b".repeat(40) });
  const words = expect.stringContaining(`not run, unchanged since ${first.release}: `);
  expect([second.result, ...said(second)]).toEqual(["deployed", words, words, words]);
  expect(read(world, "web2", "current/deps/of")).toBe("one");
  world.write({ lock: "two" });
  expect((await world.deploy({ commit: "c".repeat(40) })).result).toBe("deployed");
  expect(read(world, "web2", "current/deps/of")).toBe("two");
  expect(world.hosts.map(runs)).toEqual([2, 2, 2]);
  const back = await world.rollback(second.release);
  expect([back.result, read(world, "web1", "current/deps/of")]).toEqual(["deployed", "one"]);
  expect(world.events.filter((event) => event.kind === "output" && event.text.includes("--deploy-"))).toEqual(
    [],
  );
});

test("what a run made that failed later is there for the next; what failed is not", async () => {
  world = worldWith(`${run}; test ! -e ~/dark || exit 1`);
  world.config = {
    ...world.config,
    prepare: [...world.config.prepare, { run: "test ! -e ~/late", roles: [] }],
  };
  const { writeFileSync, rmSync } = await import("node:fs");
  writeFileSync(join(world.home("web1"), "dark"), "");
  writeFileSync(join(world.home("web2"), "late"), "");
  expect((await world.deploy()).result).toBe("failed");
  rmSync(join(world.home("web1"), "dark"));
  rmSync(join(world.home("web2"), "late"));
  world.write({ "index.html": "two" });
  expect((await world.deploy({ commit: "b".repeat(40) })).result).toBe("deployed");
  expect(world.hosts.map(runs)).toEqual([2, 1, 1]);
});
