import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BundleRan,
  type RunBundle,
  runBundle,
  type SshServer,
  sshServer,
  testKeys,
} from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

/** The actions from their sources, against two in-process SSH servers, and a GitHub on loopback. */
let folder: string;
let servers: readonly [SshServer, SshServer];
let inputs: Readonly<Record<string, string>>;
let github: Server;
let run: Readonly<Record<string, unknown>>;
const keys = testKeys();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "repair-"));
  for (const name of ["temp", "workspace/site"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "workspace/site/index.html"), "one");
  const server = (name: string) => sshServer({ directory: folder, name, authorizedKey: keys.public });
  servers = [await server("web1"), await server("web2")];
  run = { id: 41, status: "in_progress", run_attempt: 1 };
  const type = { "content-type": "application/json; charset=utf-8" };
  github = createServer((_, response) => response.writeHead(200, type).end(JSON.stringify(run)));
  await new Promise<void>((done) => github.listen(0, "127.0.0.1", done));
  inputs = {
    hosts: servers.map(({ host }) => `deploy@${host.address}:${host.port}`).join("\n"),
    "deploy-to": "~/shop",
    "known-hosts": servers.map(({ knownHostsLine }) => knownHostsLine).join("\n"),
    "ssh-private-key": keys.private,
  };
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await new Promise((done) => github.close(done));
  rmSync(folder, { recursive: true });
});

type Inputs = Readonly<Record<string, string>>;

function start(action: string, more: Inputs, options: Partial<RunBundle> = {}): Promise<BundleRan> {
  const settings: Inputs = action === "unlock" ? {} : { source: "site", "lock-wait": "0s" };
  const api = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
  return runBundle({
    bundle: join(import.meta.dirname, `../../${action}/src/main.ts`),
    inputs: { ...inputs, ...settings, ...more },
    temp: join(folder, "temp"),
    workspace: join(folder, "workspace"),
    ...options,
    env: {
      NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
      GITHUB_API_URL: api,
      ...options.env,
    },
  });
}

const outcome = ({ code, outputs }: BundleRan) => [code, outputs.result];
const codes = ({ annotations }: BundleRan) => annotations.map(({ properties }) => properties.title);
const state = () => join(servers[0].root, "shop/.deploy/lock/state");
const holder = () => readFileSync(state(), "utf8").split(" ")[3];

function live(): readonly (string | undefined)[] {
  return servers.map(({ root }) => {
    const link = join(root, "shop/current");
    return existsSync(link) ? readlinkSync(link).replace("releases/", "") : undefined;
  });
}

async function deployed(): Promise<string> {
  const uploaded = await start("upload", {});
  expect(outcome(await start("activate", {}))).toEqual([0, "deployed"]);
  await start("upload", {}, { phase: "post", state: uploaded.state });
  return uploaded.outputs.release ?? "";
}

/** The lock of run 41, which has ten minutes left. */
function leaveLock(): void {
  mkdirSync(join(servers[0].root, "shop/.deploy/lock"), { recursive: true });
  const expiry = Math.floor(Date.now() / 1000) + 600;
  writeFileSync(state(), `1 40 ${expiry} org/shop/41 org/shop 41 1 ann abc migrate\n`);
}

test("unlock: shows without confirm, frees with it, and is content where nothing is locked", async () => {
  expect(outcome(await start("unlock", { confirm: "true" }))).toEqual([0, "free"]);
  await deployed();
  leaveLock();
  const shown = await start("unlock", {});
  expect([outcome(shown), shown.outputs.holder, holder()]).toEqual([
    [0, "shown"],
    "org/shop/41",
    "org/shop/41",
  ]);
  expect(shown.log).toContain("run 41 of org/shop (ann)");
  expect(outcome(await start("unlock", { confirm: "true", "dry-run": "true" }))).toEqual([0, "shown"]);
  expect(outcome(await start("unlock", { confirm: "true" }))).toEqual([0, "unlocked"]);
  expect(holder()).toBe("-");
});

test("a freeze stops an action, and the input that is told ends it, whatever holds the lock", async () => {
  await deployed();
  leaveLock();
  const reason = Buffer.from("stock taking").toString("hex");
  writeFileSync(join(servers[0].root, "shop/.deploy/lock/frozen"), `1 2026-11-21T08:44:50Z ada ${reason}\n`);
  writeFileSync(join(folder, "workspace/site/index.html"), "two");
  const refused = await start("upload", {});
  const [told] = refused.annotations;
  expect([refused.code, told?.properties.title, told?.message]).toEqual([
    1,
    "frozen",
    expect.stringContaining("the action unlock (`unfreeze: true`)"),
  ]);
  expect(outcome(await start("unlock", { unfreeze: "true", "dry-run": "true" }))).toEqual([0, "shown"]);
  expect(outcome(await start("unlock", { unfreeze: "true" }))).toEqual([0, "unfrozen"]);
  expect([outcome(await start("unlock", { unfreeze: "true" })), holder()]).toEqual([
    [0, "free"],
    "org/shop/41",
  ]);
  expect(codes(await start("upload", {}))).toEqual(["locked"]);
});

test("a lock is taken over only where GitHub says that its run is over", async () => {
  await deployed();
  leaveLock();
  writeFileSync(join(folder, "workspace/site/index.html"), "two");
  rmSync(join(folder, "temp"), { recursive: true });
  mkdirSync(join(folder, "temp"));
  const plain = await start("upload", {});
  expect([outcome(plain), codes(plain)]).toEqual([[1, "locked"], ["locked"]]);
  const running = await start("upload", { "github-token": "ghs_secret" });
  expect([outcome(running), holder()]).toEqual([[1, "locked"], "org/shop/41"]);
  run = { ...run, status: "completed" };
  const taken = await start("upload", { "github-token": "ghs_secret" });
  expect([outcome(taken), taken.log]).toEqual([
    [0, "prepared"],
    expect.stringContaining("run 41 of org/shop is over"),
  ]);
  expect(taken.log).not.toContain("ghs_secret");
});

test("cancelled in a migration: said at once, it goes on, the lock stays; the job run again attaches to it", async () => {
  const migrate = "echo begun; while [ ! -e ~/go ]; do sleep 0.1; done; echo ran >> ~/ran";
  const uploaded = await start("upload", { migrate });
  const cancelled = await start(
    "migrate",
    { migrate },
    { signals: [{ after: (running) => running.until(/begun/), signal: "cancel" }] },
  );
  expect([outcome(cancelled), cancelled.log]).toEqual([
    [130, "cancelled"],
    expect.stringMatching(/deploy status --environment \S+/),
  ]);
  const post = await start("upload", { migrate }, { phase: "post", state: uploaded.state });
  expect([post.code, post.log]).toEqual([
    0,
    expect.stringContaining("the lock stays. Follow it with: deploy status"),
  ]);
  expect(holder()).not.toBe("-");
  const refused = await start("unlock", { confirm: "true" });
  expect([outcome(refused), codes(refused)]).toEqual([[1, "refused"], ["job-running"]]);

  // The job run again, while it still goes on: it shows all the output, and takes its end.
  const env = { GITHUB_RUN_ATTEMPT: "2" };
  expect(outcome(await start("upload", { migrate }, { env }))).toEqual([0, "prepared"]);
  const letGo = (): void => writeFileSync(join(servers[0].root, "go"), "");
  const again = await start(
    "migrate",
    { migrate },
    { env, signals: [{ after: (running) => running.until(/begun/).then(letGo), signal: "SIGCONT" }] },
  );
  expect([outcome(again), again.outputs["exit-code"], again.outputs.log]).toEqual([
    [0, "prepared"],
    "0",
    "begun\n",
  ]);
  expect(readFileSync(join(servers[0].root, "ran"), "utf8")).toBe("ran\n");
});

test("a failed migration tells its code; retry runs it again", async () => {
  const migrate = "echo bad; [ -e ~/go ] || exit 3; echo ran >> ~/ran";
  await start("upload", { migrate });
  const failed = await start("migrate", { migrate });
  expect([outcome(failed), failed.outputs["exit-code"], failed.outputs.log]).toEqual([
    [1, "failed"],
    "3",
    "bad\n",
  ]);
  writeFileSync(join(servers[0].root, "go"), "");
  expect(outcome(await start("migrate", { migrate }))).toEqual([1, "failed"]);
  const again = await start("migrate", { migrate, retry: "true" });
  expect([outcome(again), again.outputs["exit-code"]]).toEqual([[0, "prepared"], "0"]);
  expect(readFileSync(join(servers[0].root, "ran"), "utf8")).toBe("ran\n");
});

test("reconcile: a host without the release gets it from the checkout, and the others are not touched", async () => {
  const release = await deployed();
  rmSync(join(servers[1].root, "shop"), { recursive: true });
  const shown = await start("reconcile", { "dry-run": "true" });
  expect([outcome(shown), live()]).toEqual([
    [0, "planned"],
    [release, undefined],
  ]);
  const ran = await start("reconcile", {});
  expect([outcome(ran), live(), JSON.parse(ran.outputs["hosts-failed"] ?? "")]).toEqual([
    [0, "deployed"],
    [release, release],
    [],
  ]);
  expect(outcome(await start("reconcile", {}))).toEqual([0, "deployed"]);
});
