import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import type { Report } from "@deploy/core";
import { type FleetHost, type SshdFleet, sshdFleet, startApp } from "@deploy/testkit";
import type { Settings } from "./coordinator.ts";

export interface Ran {
  readonly killed: boolean;
  /** Names, in order; none where it was killed. */
  readonly operations: readonly string[];
  readonly report: Report | undefined;
  readonly output: string;
}

/** Three sshd hosts that can be put back to "release one is live and good" in a moment. */
export interface Rig {
  readonly fleet: SshdFleet;
  /** Deploys application `name` as run `run`, in a process of its own. */
  deploy(name: string, run: string, more?: Partial<Settings>): Promise<Ran>;
  /** Settings by which one host leaves a pool and switches, soaks, and then the two others. */
  readonly inWaves: Partial<Settings>;
  /** The same, where who is out returns by itself a moment after a run died. */
  readonly leased: Partial<Settings>;
  /** The same, where nobody follows before somebody says. */
  readonly held: Partial<Settings>;
  /** Makes what lies on the hosts now the state that `reset` goes back to. */
  keep(): Promise<void>;
  reset(): Promise<void>;
  /** Runs a script on every host and gives what each printed. */
  ask(script: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openRig(): Promise<Rig> {
  const fleet = await sshdFleet({ hosts: 3 });
  const root = mkdtempSync(join(tmpdir(), "deploy-sweep-"));
  const packed = new Map<string, string>();
  for (const name of ["one", "two", "three"]) packed.set(name, await pack(root, name));
  await Promise.all(
    fleet.hosts.map((host) =>
      startApp(host, { deployTo: `${host.srv}/shop`, port: 8080, pidFile: `${host.home}/app.pid` }),
    ),
  );
  const ask = (script: string) => Promise.all(fleet.hosts.map((host) => askHost(host, script)));
  let file = 0;
  return {
    fleet,
    inWaves: { configText: JSON.stringify(inWaves(configOf(fleet), "rolling")) },
    // Longer than a busy machine leaves a run without a turn: a lease that ends under it is another story.
    leased: { configText: JSON.stringify(inWaves(configOf(fleet), "rolling", "8s")) },
    held: { configText: JSON.stringify(inWaves(configOf(fleet), "hold")) },
    deploy(name, run, more = {}) {
      const path = join(root, `settings${file++}.json`);
      const settings: Settings = {
        configText: JSON.stringify(configOf(fleet)),
        knownHosts: fleet.knownHosts(),
        privateKey: fleet.keys.private,
        packed: packed.get(name) ?? "",
        owner: {
          id: `org/shop/${run}`,
          repository: "org/shop",
          run,
          attempt: "1",
          actor: "ann",
          commit: "-",
          phase: "deploy",
        },
        over: [],
        ...more,
      };
      writeFileSync(path, JSON.stringify(settings), { mode: 0o600 });
      return runCoordinator(path);
    },
    keep: async () => void (await ask('rm -rf "$1/kept" && cp -a "$1/shop" "$1/kept"')),
    reset: async () =>
      void (await ask(
        'rm -rf "$1/shop" "$1/migrations" && cp -a "$1/kept" "$1/shop" && kill -HUP "$(cat ~/app.pid)"',
      )),
    ask,
    async close() {
      await fleet.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function askHost(host: FleetHost, script: string): Promise<string> {
  const { code, stdout, stderr } = await host.exec(["sh", "-c", script, "sh", host.srv]);
  if (code !== 0) throw new Error(`${host.name}: ${script} exited ${code}: ${stderr}`);
  return stdout.trim();
}

async function pack(root: string, name: string): Promise<string> {
  const [app, directory] = [join(root, name), join(root, `${name}-packed`)];
  mkdirSync(app);
  writeFileSync(join(app, "index.html"), name);
  writeFileSync(join(app, "same.txt"), "the same in every release");
  const commit = Buffer.from(name.padEnd(20, name)).toString("hex");
  await packArtifact({ root: app, exclude: [], shared: ["uploads"], time: 1_700_000_000, directory, commit });
  return directory;
}

function configOf(fleet: SshdFleet) {
  return {
    app: "shop",
    "deploy-to": `${fleet.hosts[0]?.srv}/shop`,
    shared: { directories: ["uploads"] },
    prepare: ["echo installed >vendor.txt"],
    migrate: { run: `echo "$DEPLOY_RELEASE" >>${fleet.hosts[0]?.srv}/migrations; echo migrated` },
    activate: {
      reload: ["kill -HUP $(cat ~/app.pid)"],
      health: { url: "http://127.0.0.1:8080/up", within: "60s", interval: "50ms" },
    },
    environments: {
      production: { hosts: fleet.hosts.map(({ address, port, username }) => ({ address, port, username })) },
    },
  };
}

function inWaves({ activate, ...config }: ReturnType<typeof configOf>, then: string, lease?: string) {
  const pool = { kind: "file", path: "drain", settle: "10ms", lease };
  const canary = { soak: "100ms", interval: "50ms", check: "true", then };
  const waves = { strategy: "canary", canary, rolling: { "max-unavailable": 2 } };
  return { ...config, activate: { ...activate, ...waves, pool } };
}

function runCoordinator(settings: string): Promise<Ran> {
  const script = join(import.meta.dirname, "coordinator.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, settings];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (_, stdout, stderr) => {
      const output = stdout + stderr;
      const line = stdout.startsWith("{")
        ? (JSON.parse(stdout) as Omit<Ran, "killed" | "output">)
        : undefined;
      resolve({
        killed: line === undefined,
        operations: line?.operations ?? [],
        report: line?.report,
        output,
      });
    });
  });
}
