import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Secret } from "@deploy/core";
import { type SshServer, sshServer, startApp, testKeys } from "@deploy/testkit/servers";
import { loadSshConnector } from "@deploy/transport";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Three servers with an app on each, and a folder that is deployed to them. */
export interface Shop {
  readonly servers: readonly [SshServer, SshServer, SshServer];
  readonly folder: string;
  /** Runs a command in the folder, with key and known hosts; `typed` is what a person answers. */
  deploy(
    args: readonly string[],
    options?: { typed?: string; signal?: AbortSignal; env?: NodeJS.ProcessEnv },
  ): Promise<Ran>;
  /** The release `current` leads to, by server; null where there is none. */
  live(): (string | null)[];
  /** As it was opened: servers to which nothing was deployed, and a clean folder. */
  clear(): void;
  close(): Promise<void>;
}

const configOf = (hosts: readonly string[]): string => `app: shop
deploy-to: ~/shop
exclude: [/.github, /secrets]
shared: { directories: [uploads] }
prepare: ['if [ -e ~/broken ]; then echo 503 >health-status; fi; echo $$ >~/preparing; while [ -e ~/wait ]; do sleep 0.05; done']
migrate: echo migrated $DEPLOY_RELEASE >>~/migrations
activate:
  reload: ['kill -HUP "$(cat ~/app.pid)"']
  health: { url: "http://127.0.0.1:8080/up", within: 10s, interval: 50ms }
environments:
  production:
    hosts: [${hosts.join(", ")}]
`;

/**
 * `directory`: where it lies, when it outlives one test. `attempts`: how often a server that hangs up is asked, where
 * a test is of what follows from that and not of the asking.
 */
export async function openShop(
  directory = newFolder(),
  { attempts }: { readonly attempts?: number } = {},
): Promise<Shop> {
  const keys = testKeys();
  const server = (name: string): Promise<SshServer> => startServer(directory, name, keys.public);
  const servers = [await server("web1"), await server("web2"), await server("web3")] as const;
  const folder = join(directory, "repository");
  const clear = (): void => {
    for (const { root } of servers)
      for (const name of ["shop", "migrations", "go"])
        rmSync(join(root, name), { recursive: true, force: true });
    fill(folder, servers, keys.private);
  };
  clear();
  const login = ["--identity-file", "secrets/key", "--known-hosts", "secrets/pins"];
  const connect =
    attempts === undefined
      ? undefined
      : await loadSshConnector({
          privateKey: new Secret(keys.private),
          knownHosts: pinsOf(servers),
          attempts,
          ahead: 2,
        });
  return {
    servers,
    folder,
    async deploy([command = "", ...args], { env = {}, ...options } = {}) {
      const recorded = recordedIo({ cwd: folder, env: { PATH: process.env.PATH, ...env }, ...options });
      const io = connect === undefined ? recorded : { ...recorded, connect };
      // These ask no server.
      const bare = command === "backups" || command === "audit";
      const exitCode = await main([command, ...(bare ? [] : login), ...args], io);
      return { exitCode, out: io.out(), err: io.err() };
    },
    live: () => servers.map(({ root }) => liveBelow(join(root, "shop"))),
    clear,
    close: async () => void (await Promise.all(servers.map((each) => each.close()))),
  };
}

/** The folder that is deployed, anew. */
function fill(folder: string, servers: readonly SshServer[], key: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const name of [".github", "secrets"]) mkdirSync(join(folder, name), { recursive: true });
  const lines = servers.map(({ host }) => `"${host.username}@${host.name}"`);
  writeFileSync(join(folder, ".github/deploy.yml"), configOf(lines));
  writeFileSync(join(folder, "page"), "one\n");
  writeFileSync(join(folder, "secrets/key"), key);
  writeFileSync(join(folder, "secrets/pins"), pinsOf(servers));
}

const pinsOf = (servers: readonly SshServer[]) => servers.map((each) => `${each.knownHostsLine}\n`).join("");

async function startServer(directory: string, name: string, authorizedKey: string): Promise<SshServer> {
  const server = await sshServer({ directory, name, authorizedKey });
  const pidFile = join(server.root, "app.pid");
  const app = await startApp(server, { deployTo: join(server.root, "shop"), port: 0, pidFile });
  server.setPort(8080, app.port);
  return server;
}

function liveBelow(base: string): string | null {
  try {
    return basename(readlinkSync(join(base, "current")));
  } catch {
    return null;
  }
}

/** How often the migration ran on this server. */
export function migrationsOn(server: SshServer): number {
  try {
    return readFileSync(join(server.root, "migrations"), "utf8").trim().split("\n").length;
  } catch {
    return 0;
  }
}
