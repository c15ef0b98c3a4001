import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { initCommand } from "../src/commands/init.ts";
import { repositoryAt } from "../src/init/repository.ts";
import { appNameFrom, starterFiles as filesFor } from "../src/init/starter.ts";
import { openScreen } from "../src/screen.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

const answers = (app: string) => ({ app, deployTo: `/var/www/${app}`, domain: "_", user: "deploy" });
const hosts = ["deploy@web1.example.com", "deploy@web2.example.com"];
/** Of a repository that nothing is known of. */
const starterFiles = (app: string) =>
  filesFor({ answers: answers(app), hosts, stack: undefined, repository: repositoryAt("/nowhere") });

async function init(cwd: string): Promise<string> {
  const io = recordedIo({ cwd });
  expect(await initCommand({}, { io, screen: openScreen(io, { json: false }), now: new Date(0) })).toBe(0);
  return io.out();
}

test("writes the config and two workflows, and says what is left", async () => {
  const folder = join(newFolder(), "My Shop");
  mkdirSync(folder);
  const text = await init(folder);
  const files = starterFiles("my-shop");
  expect(files.map(({ path }) => readFileSync(join(folder, path), "utf8"))).toEqual(
    files.map((file) => file.text),
  );
  expect(text).toContain(
    "wrote .github/deploy.yml\nwrote .github/workflows/deploy.yml\nwrote .github/workflows/rollback.yml\n",
  );
  for (const line of [
    "ssh-keygen -t ed25519",
    "ssh-keyscan -t ed25519",
    "ssh-keygen -lf known_hosts.deploy",
  ]) {
    expect(text).toContain(line);
  }
  expect(text).toContain("gh secret set SSH_PRIVATE_KEY < ~/.ssh/deploy-my-shop");
});

test("never overwrites: a second run keeps everything, and adds what is missing", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, ".github"));
  writeFileSync(join(folder, ".github/deploy.yml"), "mine");
  expect(await init(folder)).toContain("kept  .github/deploy.yml\nwrote .github/workflows/deploy.yml\n");
  expect(await init(folder)).toContain("kept  .github/workflows/deploy.yml\n");
  expect(readFileSync(join(folder, ".github/deploy.yml"), "utf8")).toBe("mine");
  expect(readdirSync(join(folder, ".github/workflows"))).toEqual(["deploy.yml", "rollback.yml"]);
});

test("the starter config is a valid config, with its suggestions taken too", () => {
  const text = starterFiles("shop")[0]?.text ?? "";
  const config = parseConfig(text, { file: "deploy.yml", environment: "production" });
  expect(config.hosts.map(({ name }) => name)).toEqual(["web1.example.com", "web2.example.com"]);
  const suggested = text
    .replace("# migrate:", "migrate:")
    .replace("reload: []", "reload: [sudo systemctl reload shop]");
  const full = parseConfig(suggested, { file: "deploy.yml", environment: "production" });
  expect(full.migrate).toEqual({
    run: "npm run migrate",
    onCancel: "keep",
    grace: 10_000,
    silence: 300_000,
  });
  expect(full.activate.reload).toEqual([{ run: "sudo systemctl reload shop", roles: [] }]);
});

test("the workflows grant nothing beyond reading, and never interpolate into a command", () => {
  for (const { path, text } of starterFiles("shop").slice(1)) {
    const workflow = parse(text) as { permissions: object; jobs: Record<string, { permissions: object }> };
    expect(workflow.permissions).toEqual({});
    expect(Object.values(workflow.jobs).map((job) => job.permissions)).toEqual([
      { contents: "read", actions: "read" },
    ]);
    expect([path, text.includes("run:")]).toEqual([path, false]);
  }
});

test.each(["deploy", "rollback"])("the %s workflow passes only what the called one declares", (name) => {
  const file = starterFiles("shop").find(({ path }) => path === `.github/workflows/${name}.yml`);
  const called = readFileSync(join(import.meta.dirname, `../../../.github/workflows/${name}.yml`), "utf8");
  const { inputs, secrets } = (parse(called) as { on: { workflow_call: Declared } }).on.workflow_call;
  const jobs = Object.values((parse(file?.text ?? "") as { jobs: Record<string, Passed> }).jobs);
  expect(jobs.map((job) => job.uses)).toEqual([`org/deploy/.github/workflows/${name}.yml@v1`]);
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(jobs[0]?.with ?? {})));
  expect(Object.keys(secrets)).toEqual(expect.arrayContaining(Object.keys(jobs[0]?.secrets ?? {})));
});

interface Declared {
  readonly inputs: object;
  readonly secrets: object;
}

interface Passed {
  readonly uses: string;
  readonly with: object;
  readonly secrets: object;
}

test.each([
  ["shop", "shop"],
  ["My Shop.js", "my-shop-js"],
  ["2nd-shop", "nd-shop"],
  ["Café", "cafe"],
  ["🐈", "app"],
  ["$(id)", "id"],
  ["x".repeat(50), "x".repeat(40)],
])("app name from %j", (folder, name) => {
  expect(appNameFrom(folder)).toBe(name);
});
