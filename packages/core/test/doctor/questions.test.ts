import { expect, test } from "@jest/globals";
import { environmentRemarks, questionsFor, wantedVersions } from "../../src/doctor/index.ts";
import { simpleCommands } from "../../src/doctor/questions/commands.ts";
import { configOf } from "../fixtures.ts";

const command = (run: string) => ({ run, roles: [] as readonly string[] });

test("commands are taken apart as far as that is plain", () => {
  expect(simpleCommands("cd api && NODE_ENV=production npm ci --omit=dev | tee log; ./bin/x")).toEqual([
    "cd api",
    "npm ci --omit=dev",
    "tee log",
  ]);
  expect(simpleCommands(`sh -c 'a; b c' && d "x; \\" y z"`)).toEqual(["sh -c ''", "d ''"]);
  expect(simpleCommands('"$tool" --x || [ -f y ] || (a)')).toEqual([]);
});

test("a host is asked for what its own commands need", () => {
  const config = configOf({
    prepare: [command("npm ci")],
    migrate: { run: "sudo systemctl stop cron", after: undefined } as never,
    activate: { strategy: "all", reload: [{ run: "sudo -n systemctl reload shop", roles: ["worker"] }] },
  });
  const sudoOn = (host: string) =>
    questionsFor({ config, host, missing: [], wanted: {} })
      .filter(({ about }) => about === "sudo")
      .map(({ good }) => good.split(":")[0]);
  expect([sudoOn("web1"), sudoOn("web2"), sudoOn("web3")]).toEqual([
    ["systemctl reload shop", "systemctl stop cron"],
    [],
    ["systemctl reload shop"],
  ]);
});

test("plain versions that a repository names, no ranges", () => {
  const files = { ".nvmrc": "lts/*\n", ".node-version": "v20.1\n", ".ruby-version": "ruby-3.3.1" };
  const tools = "python 3.12.1\nnodejs 22\nerlang 27\n# nothing";
  expect(wantedVersions({ ...files, ".tool-versions": tools })).toEqual({
    node: "20.1",
    python3: "3.12.1",
    ruby: "3.3.1",
  });
});

test("environments that deploy otherwise are told by the keys that differ", () => {
  const production = configOf({ prepare: [command("npm ci")] });
  const staging = configOf({ environment: "staging" });
  const preview = { environment: "preview", problem: "expected at least one host" };
  expect(environmentRemarks(production, [staging, { ...production, environment: "demo" }, preview])).toEqual([
    expect.anything(),
    expect.anything(),
    {
      level: "unknown",
      about: "environments",
      text: "preview is not whole in the file (expected at least one host): it is not compared",
    },
  ]);
  expect(environmentRemarks(production, [staging, { ...production, environment: "demo" }])).toEqual([
    {
      level: "warn",
      about: "environments",
      text: "staging has another prepare: what works there is not proved for production",
      fix: "say prepare once, above `environments`",
    },
    { level: "ok", about: "environments", text: "demo deploys as production does" },
  ]);
});
