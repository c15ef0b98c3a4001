import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type FleetHost,
  type SshdFleet,
  type SshdFleetOptions,
  sshdFleet,
  type TcpProxy,
  tcpProxy,
  until,
} from "@deploy/testkit";
import type { RunSettings } from "./run.ts";

/** Real sshd hosts, and any number of apps on them that know nothing of each other. */
export interface Stage {
  readonly fleet: SshdFleet;
  /** An app of its own deploy-to; its leader is the first host, reached through a proxy. */
  open(name: string, config: Readonly<Record<string, unknown>>): Promise<Scene>;
  close(): Promise<void>;
}

export interface Scene {
  readonly settings: RunSettings;
  readonly proxy: TcpProxy;
  /** deploy-to as the hosts see it, and below it a path of one host as the test sees it. */
  readonly base: string;
  path(below: string, host?: number): string;
  /** How often the migration ran. */
  count(): number;
  /** The folder of its job, once there is one. */
  job(): string | undefined;
  /** What the migration has printed, as its host keeps it. */
  log(): readonly string[];
  /** Waits until that has this line. */
  printed(line: string): Promise<void>;
  /** Lets the migration go on behind the line where it is held, or will be. */
  letGo(line: number): void;
  /** What `current` of each host is. */
  live(): readonly string[];
}

export async function openStage(options: SshdFleetOptions): Promise<Stage> {
  const fleet = await sshdFleet(options);
  const root = mkdtempSync(join(tmpdir(), "deploy-durable-"));
  const proxies: TcpProxy[] = [];
  return {
    fleet,
    async open(name, config) {
      const [leader] = fleet.hosts as readonly [FleetHost];
      const proxy = await tcpProxy({ to: { host: leader.address, port: leader.port } });
      proxies.push(proxy);
      const folder = join(root, name);
      mkdirSync(join(folder, "app"), { recursive: true });
      writeFileSync(join(folder, "app", "index.html"), name);
      return sceneOf(fleet, proxy, folder, name, config);
    },
    async close() {
      for (const proxy of proxies) await proxy.close();
      await fleet.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function sceneOf(
  fleet: SshdFleet,
  proxy: TcpProxy,
  root: string,
  name: string,
  config: Readonly<Record<string, unknown>>,
): Scene {
  const [leader] = fleet.hosts as readonly [FleetHost];
  const path = (below: string, host = 0) => join(fleet.hosts[host]?.root ?? "", name, below);
  const job = () => {
    const folder = path(".deploy/jobs");
    const [found] = existsSync(folder) ? readdirSync(folder).filter((id) => !id.includes("~")) : [];
    return found === undefined ? undefined : join(folder, found);
  };
  const log = () => read(join(job() ?? "", "out")).split("\n");
  const pinned = leader.knownHostsLine().split(" ").slice(1).join(" ");
  const hosts = fleet.hosts.map(({ address, port, username }, index) =>
    index === 0 ? { username, address: proxy.address, port: proxy.port } : { username, address, port },
  );
  return {
    settings: {
      config: {
        app: name,
        "deploy-to": `${leader.srv}/${name}`,
        environments: { production: { hosts } },
        ...config,
      },
      knownHosts: `${fleet.knownHosts()}[${proxy.address}]:${proxy.port} ${pinned}\n`,
      privateKey: fleet.keys.private,
      root,
      commit: "a".repeat(40),
      run: "1",
    },
    ...{ proxy, path, job, log, base: `${leader.srv}/${name}` },
    count: () => read(path("shared/count")).length,
    printed: (line) => until(line, () => log().includes(line)),
    letGo: (line) => writeFileSync(path(`shared/go-${line}`), ""),
    live: () => fleet.hosts.map((_, host) => linkAt(path("current", host))),
  };
}

/** A migration that counts its runs, prints `lines` lines and ends with this code. Behind each line of `held` it waits for `letGo`. */
export function migration(code: number, lines = 20, ...held: readonly number[]): string {
  const count = 'printf x >>"$DEPLOY_SHARED_PATH/count"';
  const gate = `case $i in ${held.join("|") || "-"}) until [ -e "$DEPLOY_SHARED_PATH/go-$i" ]; do sleep 0.05; done ;; esac`;
  const loop = `i=0; ${gate}; while [ "$i" -lt ${lines} ]; do i=$((i + 1)); echo "line $i"; ${gate}; done`;
  return `${count}; ${loop}; exit ${code}`;
}

/** All that `migration` prints. */
export function allLines(lines = 20): string {
  return Array.from({ length: lines }, (_, index) => `line ${index + 1}\n`).join("");
}

export function read(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "none";
  }
}
