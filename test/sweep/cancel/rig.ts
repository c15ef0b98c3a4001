import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, type SshdFleet, sshdFleet, startApp } from "@deploy/testkit";
import { startCommand, type Told, type Way } from "./command.ts";
import { gateShell, type Moment, openGate, resetGate, setGate } from "./gate.ts";

/** What a host's link says, and what its application answers. */
export interface Seen {
  readonly link: string;
  readonly answers: string;
  /** Of the release that answers. */
  readonly content: string;
}

export interface Stage {
  readonly hosts: readonly FleetHost[];
  /** `run` of one of the applications, `status`, `unlock`, `rollback`. */
  deploy(command: string, name?: string): Promise<Told>;
  /** Deploys `name`, and ends that run in the middle of what `host` does at `moment`; `inWaves`: each host leaves its pool before. */
  cut(name: string, host: FleetHost, moment: Moment, way: Way, inWaves?: boolean): Promise<Told>;
  see(): Promise<readonly Seen[]>;
  keep(): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Release `bad` answers 503. */
const applications = ["zero", "one", "two", "three", "bad"];

/** Two sshd hosts behind gates, an application on each that serves another release only when it is reloaded, and the command. */
export async function openStage(): Promise<Stage> {
  const root = mkdtempSync(join(tmpdir(), "deploy-cancel-"));
  const shell = join(root, "gate");
  writeFileSync(shell, gateShell);
  chmodSync(shell, 0o755);
  // Health goes through an exec, too.
  const fleet = await sshdFleet({ hosts: Array(2).fill({ shell, config: ["AllowTcpForwarding no"] }) });
  const { hosts } = fleet;
  for (const host of hosts) resetGate(host);
  for (const name of applications) writeApplication(join(root, name), name);
  const [files, filesInWaves] = [writeFiles(root, fleet), writeFiles(root, fleet, waves)];
  await Promise.all(
    hosts.map((host) =>
      startApp(host, { deployTo: `${host.srv}/shop`, port: 8080, pidFile: `${host.home}/app.pid` }),
    ),
  );
  const start = (command: string, name = "zero", words = files) =>
    startCommand([command, ...words, ...(more[command]?.(name) ?? [])], join(root, name));
  const ask = (script: string) => Promise.all(hosts.map((host) => askHost(host, script)));
  return {
    hosts,
    deploy: (command, name) => start(command, name).ended,
    async cut(name, host, moment, way, inWaves = false) {
      setGate(host, moment);
      const run = start("run", name, inWaves ? filesInWaves : files);
      await run.held(host);
      await run.end(way);
      await openGate(host);
      return run.ended;
    },
    see: async () => (await ask(look)).map(seenIn),
    keep: async () => void (await ask('rm -rf "$1/kept" && cp -a "$1/shop" "$1/kept"')),
    async reset() {
      for (const host of hosts) resetGate(host);
      await ask(`rm -rf "$1/shop" && cp -a "$1/kept" "$1/shop" && cd "$1/shop/current" && ${reload}`);
    },
    async close() {
      await fleet.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const more: Readonly<Record<string, (name: string) => readonly string[]>> = {
  run: (name) => ["--yes", "--commit", Buffer.from(name.padEnd(20, name)).toString("hex")],
  rollback: () => ["--yes"],
  unlock: () => ["--yes"],
};

/** Not over before the application serves what lies here. */
const reload =
  'until curl -s http://127.0.0.1:8080/ | grep -qF "$(basename "$(pwd -P)")"; do kill -HUP $(cat ~/app.pid); sleep 0.02; done';

const look = `cd "$1/shop" && now=$(curl -s http://127.0.0.1:8080/ | sed 's/.*"release":"\\([^"]*\\)".*/\\1/')
echo "$(basename "$(readlink current)") $now $(cat "releases/$now/index.html")"`;

function seenIn(line: string): Seen {
  const [link = "", answers = "", content = ""] = line.split(" ");
  return { link, answers, content };
}

async function askHost(host: FleetHost, script: string): Promise<string> {
  const { code, stdout, stderr } = await host.exec(["sh", "-c", script, "sh", host.srv]);
  if (code !== 0) throw new Error(`${host.name}: ${script} exited ${code}: ${stderr}`);
  return stdout.trim();
}

function writeApplication(folder: string, name: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), name);
  if (name === "bad") writeFileSync(join(folder, "health-status"), "503");
}

const pool = { kind: "file", path: "drain", settle: "10ms", lease: "8s" };
const waves = { strategy: "rolling", rolling: { order: "listed" }, pool };

/** The words that every command is given; `more` is added to how hosts are activated. */
function writeFiles(root: string, fleet: SshdFleet, more: object = {}): readonly string[] {
  const [config, key, known] = [
    join(root, `${"strategy" in more ? "waves" : "deploy"}.yml`),
    join(root, "key"),
    join(root, "known_hosts"),
  ];
  const hosts = fleet.hosts.map(({ address, port, username }) => ({ address, port, username }));
  // One question: what is run after the switch is the same in each run.
  const health = { url: "http://127.0.0.1:8080/up", within: "20s", interval: "20s" };
  const settings = {
    app: "shop",
    "deploy-to": `${fleet.hosts[0]?.srv}/shop`,
    activate: { reload: [reload], health, ...more },
    environments: { production: { hosts } },
  };
  writeFileSync(config, JSON.stringify(settings));
  writeFileSync(key, fleet.keys.private, { mode: 0o600 });
  writeFileSync(known, fleet.knownHosts());
  return ["--json", "-c", config, "-i", key, "--known-hosts", known];
}
