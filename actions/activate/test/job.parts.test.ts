import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BundleRan, runBundle, type SshServer, sshServer, testKeys } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

/** The actions of one job, from their sources, against two in-process SSH servers. */
let folder: string;
let servers: readonly SshServer[];
let inputs: Readonly<Record<string, string>>;
const keys = testKeys();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "job-"));
  for (const name of ["temp", "workspace/site"]) mkdirSync(join(folder, name), { recursive: true });
  site("one");
  servers = await Promise.all(
    ["web1", "web2"].map((name) => sshServer({ directory: folder, name, authorizedKey: keys.public })),
  );
  inputs = {
    hosts: servers.map(({ host }) => `deploy@${host.address}:${host.port}`).join("\n"),
    "deploy-to": "~/shop",
    source: "site",
    "known-hosts": servers.map(({ knownHostsLine }) => knownHostsLine).join("\n"),
    "ssh-private-key": keys.private,
    migrate: "echo migrated >> ../../migrations",
  };
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

function step(
  action: string,
  more: Readonly<Record<string, string>> = {},
  post?: BundleRan,
): Promise<BundleRan> {
  return runBundle({
    bundle: join(import.meta.dirname, `../../${action}/src/main.ts`),
    inputs: { ...knownTo(action), ...more },
    env: { NODE_OPTIONS: "--disable-warning=ExperimentalWarning" },
    temp: join(folder, "temp"),
    workspace: join(folder, "workspace"),
    ...(post === undefined ? {} : { phase: "post" as const, state: post.state }),
  });
}

/** Of what every step gets, the inputs that this action has. */
function knownTo(action: string): Readonly<Record<string, string>> {
  const manifest = readFileSync(join(import.meta.dirname, `../../${action}/action.yml`), "utf8");
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => manifest.includes(`\n  ${name}:\n`)));
}

/** Without git the newest mtime is part of what was approved: fixed here. */
function site(text: string): void {
  const file = join(folder, "workspace/site/index.html");
  writeFileSync(file, text);
  utimesSync(file, 1_763_700_000, 1_763_700_000);
}

function live(): readonly string[] {
  return servers.map(({ root }) => readlinkSync(join(root, "shop/current")).replace("releases/", ""));
}

const outcome = ({ code, outputs }: BundleRan) => [code, outputs.result];

test("upload, migrate, activate, again, a second release, rollback, in one job each", async () => {
  const dry = await step("upload", { "dry-run": "true" });
  expect([outcome(dry), dry.log]).toEqual([[0, "planned"], expect.stringContaining("would run:")]);
  const uploaded = await step("upload");
  expect([uploaded.log, outcome(uploaded)]).toEqual([expect.any(String), [0, "prepared"]]);
  const first = uploaded.outputs.release ?? "";
  const migrated = await step("migrate");
  expect([outcome(migrated), migrated.outputs.ran, migrated.outputs["exit-code"]]).toEqual([
    [0, "prepared"],
    "true",
    "0",
  ]);
  const activated = await step("activate");
  expect([outcome(activated), activated.outputs.release, live()]).toEqual([
    [0, "deployed"],
    first,
    [first, first],
  ]);
  expect(outcome(await step("upload", {}, uploaded))).toEqual([0, undefined]);
  expect(readFileSync(join(servers[0]?.root ?? "", "shop/migrations"), "utf8")).toBe("migrated\n");

  rmSync(join(folder, "temp"), { recursive: true });
  mkdirSync(join(folder, "temp"));
  const planned = await step("plan", { upload: "false" });
  expect([outcome(planned), planned.outputs.changed]).toEqual([[0, "planned"], "false"]);

  site("two");
  const approved = await step("plan", { upload: "false" });
  const second = approved.outputs.release ?? "";
  const plan = approved.outputs["plan-file"] ?? "";
  site("three");
  const refused = await step("upload", { plan });
  expect([outcome(refused), refused.annotations.map(({ properties }) => properties.title)]).toEqual([
    [1, "failed"],
    ["plan-changed"],
  ]);
  site("two");
  expect(
    outcome(await step("upload", { plan, "plan-digest": approved.outputs["plan-digest"] ?? "" })),
  ).toEqual([0, "prepared"]);
  expect(outcome(await step("activate"))).toEqual([0, "deployed"]);
  expect(live()).toEqual([second, second]);

  const back = await step("rollback");
  expect([outcome(back), back.outputs.release, live()]).toEqual([[0, "deployed"], first, [first, first]]);
  expect(back.log).not.toContain(keys.private.split("\n")[1]);
});

test("a job that ends after upload gives its lock back in post; a typo is refused before anything", async () => {
  const typo = await step("upload", { deploy_to: "/x" });
  expect([outcome(typo), typo.annotations.map(({ properties }) => properties.title)]).toEqual([
    [1, "failed"],
    ["input-unknown"],
  ]);
  const uploaded = await step("upload");
  expect(outcome(uploaded)).toEqual([0, "prepared"]);
  const post = await step("upload", {}, uploaded);
  expect([post.code, post.log]).toEqual([0, expect.stringContaining("The lock is free again.")]);
  expect(outcome(await step("activate", { release: uploaded.outputs.release ?? "" }))).toEqual([
    0,
    "deployed",
  ]);
});

test("what pack built is what upload sends, whatever the folder says later", async () => {
  const packed = await step("pack", { build: "echo built > site/built.txt", "dry-run": "true" });
  expect([outcome(packed), packed.outputs.files]).toEqual([[0, "planned"], "2"]);
  site("changed after packing");
  expect(outcome(await step("upload"))).toEqual([0, "prepared"]);
  expect(outcome(await step("activate"))).toEqual([0, "deployed"]);
  const [server] = servers;
  const read = (name: string) => readFileSync(join(server?.root ?? "", "shop/current", name), "utf8");
  expect([read("index.html"), read("built.txt")]).toEqual(["one", "built\n"]);
});
