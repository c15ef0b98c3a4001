import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BundleRan, runBundle, type SshServer, sshServer, testKeys } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type ArtifactService, artifactService } from "../workflow/artifacts.ts";

/** The three jobs of the called workflow on runners as GitHub lays them out, the actions from their sources. */
const root = join(import.meta.dirname, "../..");
const keys = testKeys();
let folder: string;
let server: SshServer;
let service: ArtifactService;
/** What the runner starts as the last step of the gated job. */
let activate: string;
let config: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "handed-"));
  activate = join(folder, "_actions/org/deploy/v1/dist/activate/index.mjs");
  mkdirSync(dirname(activate), { recursive: true });
  writeFileSync(activate, "// ours\n");
  server = await sshServer({ directory: folder, name: "web1", authorizedKey: keys.public });
  service = await artifactService();
  config = `app: shop
source: site
deploy-to: ~/shop
build: ["true"]
environments: { production: { hosts: ["deploy@${server.host.address}:${server.host.port}"] } }
`;
});

afterEach(async () => {
  await service.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const workspace = () => join(folder, "shop/shop");

/** A new runner: nothing of the job before is there but `files`. */
function runner(files: Readonly<Record<string, string>>): void {
  for (const part of ["temp", "shop"]) rmSync(join(folder, part), { recursive: true, force: true });
  for (const part of [join(folder, "temp"), workspace()]) mkdirSync(part, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace(), path)), { recursive: true });
    writeFileSync(join(workspace(), path), text);
  }
}

function step(action: string, inputs: Readonly<Record<string, string>> = {}): Promise<BundleRan> {
  const login = { "known-hosts": server.knownHostsLine, "ssh-private-key": keys.private };
  const logsIn = readFileSync(join(root, "actions", action, "action.yml"), "utf8").includes(
    "\n  known-hosts:",
  );
  return runBundle({
    bundle: join(root, "actions", action, "src/main.ts"),
    inputs: { environment: "production", ...(logsIn ? login : {}), ...inputs },
    env: { NODE_OPTIONS: "--disable-warning=ExperimentalWarning", ...service.env },
    temp: join(folder, "temp"),
    workspace: workspace(),
  });
}

const result = ({ code, log, outputs, annotations }: BundleRan) =>
  code === 0 ? outputs.result : [annotations.map(({ properties }) => properties.title), log];
const refused = (code: string, text: string) => [[code], expect.stringContaining(text)];
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...args], { cwd: workspace() });

/** What the job that builds hands over: the build wrote itself into the config. */
async function packed(evil: string): Promise<void> {
  const write = `printf '${evil.replaceAll("\n", "\\n")}' >>.github/deploy.yml; mkdir evil; echo '// theirs' >evil/index.mjs`;
  const text = config.replace('"true"', JSON.stringify(write));
  runner({ ".github/deploy.yml": text, "site/index.html": "one\n" });
  expect(result(await step("pack", { phase: "build" }))).toBe("prepared");
  await step("build-assets", { phase: "build", "if-configured": "true", cache: "false" });
  expect(result(await step("pack", { phase: "pack" }))).toBe("prepared");
}

async function planned(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  runner(files);
  const plan = await step("plan", { packed: "deploy-release-shop-production" });
  expect(result(plan)).toBe("planned");
  const { "plan-artifact-id": id = "", "plan-digest": digest = "" } = plan.outputs;
  return { packed: "deploy-release-shop-production", plan: id, "plan-digest": digest };
}

const evil = `assets:
  source: evil
  build: none
  fingerprint: none
  output: site/assets
  publish: ../../_actions/org/deploy/v1/dist/activate
`;
const publish = { phase: "publish", "if-configured": "true", packed: "deploy-release-shop-production" };

test("what a build writes into the config reaches no gated step: git's config is read, and handed over", async () => {
  await packed(evil);
  const approved = await planned({ ".github/deploy.yml": config });
  runner({});
  expect(result(await step("upload", approved))).toBe("prepared");
  expect(result(await step("build-assets", publish))).toBe("built");
  expect([readFileSync(activate, "utf8"), result(await step("activate"))]).toEqual(["// ours\n", "deployed"]);
});

test("the config is the plan's or refused, of the packed commit or refused, and names no folder of that machine", async () => {
  runner({ ".github/deploy.yml": config, "site/index.html": "one\n" });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message=one");
  expect(result(await step("pack", { build: "true" }))).toBe("prepared");
  git("commit", "--quiet", "--allow-empty", "--message=two");
  expect(result(await step("plan", { packed: "deploy-release-shop-production" }))).toEqual(
    refused("plan-changed", "A branch moved between two jobs"),
  );

  const folderStore = `${config}assets: { output: site, publish: ./published }\n`;
  const approved = await planned({ ".github/deploy.yml": folderStore });
  runner({ ".github/deploy.yml": config });
  expect(result(await step("upload", approved))).toEqual(refused("store-folder", "thrown away after it"));
  runner({ ".github/deploy.yml": folderStore });
  const own = await step("plan", { packed: "deploy-release-shop-production", upload: "false" });
  writeFileSync(join(workspace(), ".github/deploy.yml"), `${folderStore}# another\n`);
  const plan = { packed: "deploy-release-shop-production", plan: own.outputs["plan-file"] ?? "" };
  expect(result(await step("upload", plan))).toEqual(refused("plan-changed", "the config file changed"));
});

test("in one job a store may be a folder, and never one outside the workspace, by dots or by a link", async () => {
  const files = { "evil/index.mjs": "// theirs\n", "site/index.html": "one\n" };
  const build = { source: "evil", build: "none", fingerprint: "none", output: "site/assets", cache: "false" };
  runner(files);
  symlinkSync("../../_actions/org/deploy/v1/dist", join(workspace(), "out"));
  symlinkSync("../../_actions/new", join(workspace(), "nowhere"));
  const theirs = ["../../_actions/org/deploy/v1/dist/activate", "out/activate", "nowhere", dirname(activate)];
  for (const publish of theirs) {
    const ran = await step("build-assets", { ...build, publish });
    expect(result(ran)).toEqual(refused("store-folder", "outside the workspace"));
  }
  expect(readFileSync(activate, "utf8")).toBe("// ours\n");
  expect(result(await step("build-assets", { ...build, publish: "public/new" }))).toBe("published");
});
