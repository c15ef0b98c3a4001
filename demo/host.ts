import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { sshServer } from "@deploy/testkit/servers";

export interface HostOptions {
  readonly name: string;
  /** The server's own folder is made in here. */
  readonly folder: string;
  readonly database: string;
  readonly authorizedKey: string;
}

export interface Answer {
  readonly status: number;
  readonly release: string;
  readonly text: string;
}

/** One server: ssh, a home folder, and the supervisor that keeps the app running. */
export interface DemoHost {
  /** What the story calls it. */
  readonly name: string;
  /** What deploy calls it: `127.0.0.1:port`. */
  readonly address: string;
  /** The host line of the config. */
  readonly line: string;
  readonly knownHostsLine: string;
  readonly uploads: string;
  readonly environmentFile: string;
  /** How many verified backups lie on this server. */
  backups(): number;
  /** Asks the app over HTTP; undefined where nothing answers. */
  ask(path: string): Promise<Answer | undefined>;
  close(): Promise<void>;
}

/** What a customer uploaded before the first deploy; it must be there after the last. */
export const photo = "a photo of my cat\n";

/** The port the app has "on its own server"; each server answers for it with a free port of this machine. */
const appPort = 8080;

export async function startHost(options: HostOptions): Promise<DemoHost> {
  const { name, folder } = options;
  const port = await freePort();
  const ssh = await sshServer({
    directory: join(folder, "servers"),
    name,
    authorizedKey: options.authorizedKey,
    ports: { [appPort]: port },
    env: environmentOf(join(folder, "servers", name), folder),
  });
  const shared = join(ssh.root, "shop", "shared");
  furnish(ssh.root, shared, port, options.database);
  const supervisor = await startSupervisor(ssh.root, folder);
  return {
    name,
    address: ssh.host.name,
    line: `${ssh.host.username}@${ssh.host.name}`,
    knownHostsLine: ssh.knownHostsLine,
    uploads: join(shared, "uploads"),
    environmentFile: join(shared, ".env"),
    backups: () => countBackups(join(ssh.root, "shop", ".deploy", "backups")),
    ask: (path) => ask(port, path),
    async close() {
      await stop(supervisor);
      await ssh.close();
    },
  };
}

/** What an administrator set up once: Node on the path, the app's settings, and a customer's upload. */
function furnish(home: string, shared: string, port: number, database: string): void {
  mkdirSync(join(home, "bin"), { recursive: true });
  const node = join(home, "bin", "node");
  const quoted = `'${process.execPath.replaceAll("'", "'\\''")}'`;
  writeFileSync(node, `#!/bin/sh\nexec ${quoted} --disable-warning=ExperimentalWarning "$@"\n`);
  chmodSync(node, 0o755);
  mkdirSync(join(shared, "uploads"), { recursive: true });
  writeFileSync(join(shared, "uploads", "cat.jpg"), photo);
  writeFileSync(join(shared, ".env"), `PORT=${port}\nDATABASE=${database}\n`, { mode: 0o600 });
}

/** Nothing of the caller's environment reaches a server, as over real ssh. */
function environmentOf(home: string, folder: string): Readonly<Record<string, string>> {
  return { PATH: `${join(home, "bin")}:/usr/local/bin:/usr/bin:/bin`, TMPDIR: join(folder, "tmp") };
}

async function startSupervisor(home: string, folder: string): Promise<ChildProcess> {
  const script = join(import.meta.dirname, "supervisor.mjs");
  const child = fork(script, [join(home, "shop"), join(home, "supervisor.pid"), join(home, "app.log")], {
    cwd: home,
    env: { HOME: home, ...environmentOf(home, folder) },
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(child, "message");
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function ask(port: number, path: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const release = response.headers.get("x-release") ?? "";
    return { status: response.status, release, text: (await response.text()).trimEnd() };
  } catch {
    return undefined;
  }
}

/** A backup counts once its record is written, and that is after it was read back. */
function countBackups(folder: string): number {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")).length : 0;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** True where the customer's upload is still what it was. */
export function isPhotoIntact(host: DemoHost): boolean {
  const file = join(host.uploads, "cat.jpg");
  return existsSync(file) && readFileSync(file, "utf8") === photo;
}
