import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { errorCodes } from "@deploy/core";
import { hostTree, needs } from "@deploy/testkit";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openShop, type Shop } from "./database.ts";
import { hostileTexts } from "./hostile.ts";
import { type Job, openJob } from "./job.ts";
import { readManifest } from "./manifest.ts";

/** What hosts, stores and tools get to read; commands are meant to be run, and what every action has is tried elsewhere. */
const tried = {
  backup: ["path", "store", "encrypt-to", "app", "url", "compression"],
  restore: ["backup", "into", "confirm", "age-key"],
  "build-assets": ["source", "output", "load-paths", "base-url", "release", "packed"],
} as const;
const shared = ["keep-for", "endpoint", "region", "role", "publish"];
const kinds = Object.keys(hostileTexts(""));

needs("sqlite3")("hostile inputs of the actions on data and assets", () => {
  let job: Job;
  let shop: Shop;
  beforeAll(async () => {
    job = await openJob();
    shop = openShop(job);
    job.write({ "assets/app.css": "main { color: red }\n" });
    expect((await job.step("backup", shop.inputs)).outputs.result).toBe("backed-up");
  });
  afterAll(() => job.close());

  const given = (action: string): Readonly<Record<string, string>> =>
    action === "build-assets" ? { source: "assets", cache: "false" } : shop.inputs;
  /** Hosts and checkout: a stranger among the files is what a text made. */
  const everything = () => [...job.fleet.trees(), hostTree(job.workspace), hostTree(shop.store)];

  describe.each(Object.keys(tried))("%s", (action) => {
    const own = tried[action as keyof typeof tried];
    const inputs = [...own, ...readManifest(action).inputs.filter((input) => shared.includes(input))];
    const turn = Object.keys(tried).indexOf(action);
    const cases = inputs.map(
      (input, index) => [input, kinds[(index * 2 + turn) % kinds.length] ?? ""] as const,
    );

    test.each(cases)("%s: a %s is literal or refused", async (input, kind) => {
      const canary = join(job.temp, "../canary");
      const before = everything();
      const inputs = { ...given(action), "dry-run": "true", [input]: hostileTexts(canary)[kind] ?? "" };
      const ran = await job.step(action, inputs);
      const errors = ran.annotations.filter(({ level }) => level === "error");
      const titles = errors.map(({ properties }) => properties.title ?? "");
      const { outputs } = readManifest(action);
      expect({
        ended: ran.code === 0 || (ran.code === 1 && ran.outputs.result === "failed"),
        told: (ran.code === 1) === errors.length > 0,
        unlisted: titles.filter((title) => title === "unexpected" || !Object.hasOwn(errorCodes, title)),
        strangers: Object.keys(ran.outputs).filter((name) => !outputs.includes(name)),
        ...{ environment: ran.environment, paths: ran.paths },
        ...{ canary: existsSync(canary), everything: everything() },
      }).toEqual({
        ...{ ended: true, told: true, unlisted: [], strangers: [], environment: {}, paths: [] },
        ...{ canary: false, everything: before },
      });
      expect(errors.filter(({ message }) => message.includes("\n"))).toEqual([]);
    });
  });

  test("a file whose every name looks like a command is backed up and brought back as a name", async () => {
    const name = `$(touch canary) \`touch canary\`; 'quo"te' * -rf 🚀.db`;
    shop.ask("create table a (b); insert into a values ('kept');", name);
    const inputs = { ...shop.inputs, path: `db/${name}`, app: "shop", store: `${shop.store}-2` };
    const made = await job.step("backup", inputs);
    expect([made.annotations, made.outputs.result]).toEqual([[], "backed-up"]);
    const [, line = ""] = made.log.match(/To bring it back: (deploy restore .*)/) ?? [];
    expect(line).toContain(`--confirm '${join(shop.folder, name).replaceAll("'", "'\\''")}'`);
    const back = await job.step("restore", { ...inputs, into: join(shop.folder, `-new ${name}`) });
    expect([back.annotations, back.outputs.result]).toEqual([[], "restored"]);
    expect(shop.ask("select * from a", `-new ${name}`)).toBe("kept");
    for (const { path } of hostTree(job.fleet.servers[0]?.root ?? ""))
      expect(path.split("/").at(-1)).not.toBe("canary");
    rmSync(`${shop.store}-2`, { recursive: true });
  });
});
