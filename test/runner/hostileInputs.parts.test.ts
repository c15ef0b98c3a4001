import { existsSync } from "node:fs";
import { join } from "node:path";
import { errorCodes } from "@deploy/core";
import { hostTree, shareOf } from "@deploy/testkit";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { writeFiles } from "./files.ts";
import { hostileTexts } from "./hostile.ts";
import { type Job, openJob } from "./job.ts";
import { readManifest } from "./manifest.ts";

let job: Job;

beforeAll(async () => {
  job = await openJob();
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  job.rerun("2");
  job.write({ "site/index.html": "two\n" });
});

afterAll(() => job.close());

const actions = [
  "pack",
  "plan",
  "upload",
  "migrate",
  "activate",
  "rollback",
  "reconcile",
  "unlock",
  "deploy",
];
const outputs = actions.flatMap((action) => readManifest(action).outputs);
/** Commands are meant to be run; what they hold is the user's own. */
const commands = ["build", "prepare", "migrate", "reload"];
const tries = Object.keys(hostileTexts(""));

/** Each input of the action with one text; over all actions every kind of input meets many. */
function casesOf(action: string, turn: number): readonly (readonly [string, string])[] {
  const inputs = readManifest(action).inputs.filter((input) => !commands.includes(input));
  return shareOf(
    inputs.map((input, index) => [input, tries[(index + turn * 3) % tries.length] ?? ""]),
    4,
  );
}

describe.each(actions.map((action, turn) => [action, turn] as const))("%s", (action, turn) => {
  test.each(casesOf(action, turn))("%s: a %s is literal or refused", async (input, kind) => {
    const canary = join(job.temp, "../canary");
    const before = job.fleet.trees();
    const local = action === "plan" ? { upload: "false" } : {};
    const inputs = { "dry-run": "true", ...local, [input]: hostileTexts(canary)[kind] ?? "" };
    const ran = await job.step(action, inputs);
    const errors = ran.annotations.filter(({ level }) => level === "error");
    const titles = errors.map(({ properties }) => properties.title ?? "");
    expect({
      ended: ran.code === 0 || (ran.code === 1 && ran.outputs.result === "failed"),
      // Whoever is refused is told why, in words of the list; a defect of ours would be none of them.
      told: (ran.code === 1) === errors.length > 0,
      unlisted: titles.filter((title) => title === "unexpected" || !Object.hasOwn(errorCodes, title)),
      strangers: Object.keys(ran.outputs).filter((name) => !outputs.includes(name)),
      ...{ environment: ran.environment, paths: ran.paths, hacked: /hacked/.test(ran.outputs.release ?? "") },
      ...{ canary: existsSync(canary), trees: job.fleet.trees() },
    }).toEqual({
      ...{ ended: true, told: true, unlisted: [], strangers: [], environment: {}, paths: [], hacked: false },
      ...{ canary: false, trees: before },
    });
    expect(errors.filter(({ message }) => message.includes("\n"))).toEqual([]);
  });
});

test("a deploy whose every setting looks like a command, and is a name", async () => {
  const { servers } = job.fleet;
  const name = `$(touch canary) \`touch canary\`; touch canary; 'quo"te' * -rf 🚀`;
  job.write({ [`${name}/index.html`]: "named\n" });
  for (const { root } of servers) writeFiles(root, { [`${name}/shared/.env ${name}`]: "A=b\n" });
  const inputs = {
    source: name,
    app: "shop",
    "deploy-to": `~/${name}`,
    exclude: `${name}\n-rf\n*.log`,
    "shared-directories": `up ${name}\n~\n*`,
    "shared-files": `.env ${name}`,
    reload: "",
    "health-url": "",
  };
  const uploaded = await job.step("upload", inputs);
  const activated = await job.step("activate", inputs);
  await job.post("upload", uploaded, inputs);
  const ended = [uploaded, activated].flatMap(({ outputs, annotations }) => [outputs.result, annotations]);
  expect(ended).toEqual(["prepared", [], "deployed", []]);
  for (const folder of [job.workspace, ...servers.map(({ root }) => root)]) {
    expect(hostTree(folder).filter(({ path }) => path.split("/").at(-1) === "canary")).toEqual([]);
  }
  for (const { root } of servers) {
    for (const path of ["index.html", `up ${name}`, `.env ${name}`, "~", "*"])
      expect([path, existsSync(join(root, name, "current", path))]).toEqual([path, true]);
  }
});
