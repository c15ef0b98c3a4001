import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  hostTree,
  knownHostsLine,
  type SshServer,
  sshServer,
  startApp,
  type TcpProxy,
  type TreeEntry,
  tcpProxy,
  testKeys,
} from "@deploy/testkit";

/** Three servers, each behind a proxy that can break its line, each with an app that tells its release. */
export interface TestFleet {
  readonly servers: readonly SshServer[];
  readonly proxies: readonly TcpProxy[];
  readonly key: string;
  readonly passphrase: string;
  /** Everything an action needs to deploy here. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The names of the hosts, as plans and reports say them. */
  readonly names: readonly string[];
  /** Release by host that `current` names; undefined for none. */
  live(): readonly (string | undefined)[];
  /** Release by host that the app answers with. */
  served(): Promise<readonly string[]>;
  /** Owner by host of the fleet lock's state on the leader; `-` is free. */
  lock(): string;
  /** Every file of every host with its time: equal when nothing was written between. */
  trees(): readonly (readonly TreeEntry[])[];
  /** Names of releases, and of what lies in staging, by host. */
  releases(): readonly (readonly string[])[];
  staging(): readonly (readonly string[])[];
  state(host: number, release: string): string;
  connections(): number;
  /** On that host this program waits, when it is next called, until the function returned is. */
  holdProgram(host: number, name: string): () => void;
  close(): Promise<void>;
}

export const passphrase = 'a Pass"phrase with $pace & more';
const deployTo = "shop";
const appPort = 8080;

export async function openFleet(directory: string): Promise<TestFleet> {
  const login = testKeys({ passphrase });
  const hosts = await Promise.all(
    ["web1", "web2", "web3"].map((name) => openHost(directory, name, login.public)),
  );
  const [servers, proxies] = [hosts.map(({ server }) => server), hosts.map(({ proxy }) => proxy)];
  const base = (server: SshServer) => join(server.root, deployTo);
  const list = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);
  const leader = base(servers[0] as SshServer);
  return {
    ...{ servers, proxies, passphrase, key: login.private },
    names: proxies.map(({ port }) => `127.0.0.1:${port}`),
    inputs: {
      hosts: proxies.map(({ port }) => `deploy@127.0.0.1:${port}`).join("\n"),
      "deploy-to": `~/${deployTo}`,
      source: "site",
      "known-hosts": hosts.map(({ pin }) => pin).join("\n"),
      "ssh-private-key": login.private,
      "ssh-passphrase": passphrase,
      reload: "kill -HUP $(cat ~/app.pid)",
      "health-url": `http://127.0.0.1:${appPort}/up`,
    },
    live: () => servers.map((server) => readLink(join(base(server), "current"))),
    served: () => Promise.all(hosts.map(({ port }) => askRelease(port))),
    lock: () => lockOwner(join(leader, ".deploy/lock/state")),
    trees: () => servers.map(({ root }) => hostTree(root, { mtime: true })),
    releases: () => servers.map((server) => list(join(base(server), "releases"))),
    staging: () => servers.map((server) => list(join(base(server), ".deploy/staging"))),
    state: (host, release) =>
      readState(join(base(servers[host] as SshServer), `.deploy/releases/${release}.json`)),
    connections: () => servers.reduce((sum, server) => sum + server.connections(), 0),
    holdProgram: (host, name) => holdProgram(join((servers[host] as SshServer).files, name)),
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function openHost(directory: string, name: string, authorizedKey: string) {
  const hostKey = testKeys();
  const env = { PATH: `${join(directory, `${name}.files`)}:${process.env.PATH}` };
  const server = await sshServer({ directory, name, authorizedKey, hostKey, env });
  const proxy = await tcpProxy({ to: { host: server.address, port: server.port } });
  const app = await startApp(server, {
    deployTo: join(server.root, deployTo),
    port: 0,
    pidFile: join(server.root, "app.pid"),
  });
  server.setPort(appPort, app.port);
  return { server, proxy, port: app.port, pin: knownHostsLine("127.0.0.1", proxy.port, hostKey.public) };
}

/** Stands before the real one on the host's PATH, until it is removed. */
function holdProgram(path: string): () => void {
  const text = `#!/bin/sh\nwhile [ -e "$0" ]; do sleep 0.05; done\nPATH='${process.env.PATH}'\nexec ${basename(path)} "$@"\n`;
  writeFileSync(path, text, { mode: 0o755 });
  return () => rmSync(path);
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path).replace(/^releases\//, "");
  } catch {
    return undefined;
  }
}

async function askRelease(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/up`);
  return answer.headers.get("x-release") ?? "";
}

/** The fourth word of `1 token expiry owner …`. */
function lockOwner(file: string): string {
  return existsSync(file) ? (readFileSync(file, "utf8").split(" ")[3] ?? "") : "-";
}

function readState(file: string): string {
  const record = JSON.parse(readFileSync(file, "utf8")) as { state: string };
  return record.state;
}
