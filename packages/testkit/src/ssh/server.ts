import { randomUUID } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { join } from "node:path";
import type { Host } from "@deploy/core";
import ssh2, { type Connection } from "ssh2";
import { breakOff } from "../breakOff.ts";
import { hostAt } from "../host.ts";
import { markedProcesses, marker, signalTo } from "../processes.ts";
import { type Started, startProcess } from "../started.ts";
import { authenticate } from "./auth.ts";
import { forward } from "./forward.ts";
import { type KeyPair, knownHostsLine, testKeys } from "./keys.ts";
import { type Shell, serveSession } from "./session.ts";

export interface SshServerOptions {
  /** The server's root folder, its HOME and working directory, is made in here. */
  readonly directory: string;
  /** Of the root folder; `host` unless told. */
  readonly name?: string;
  /** The public key line that may log in. */
  readonly authorizedKey: string;
  readonly username?: string;
  /** A free one unless told. */
  readonly port?: number;
  readonly hostKey?: KeyPair;
  /** Port "on the host" to the loopback port that answers for it. */
  readonly ports?: Readonly<Record<number, number>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface SshServer {
  readonly host: Host;
  readonly root: string;
  /** A folder for what tests put on the host, next to the root. */
  readonly files: string;
  readonly address: string;
  readonly port: number;
  readonly knownHostsLine: string;
  /** Connections accepted so far, the refused ones included. */
  connections(): number;
  /** Resets live connections; commands go on, as on a real host. Returns how many there were. */
  drop(): number;
  /** Closes the next `count` connections before a word is said. */
  refuse(count: number): void;
  setPort(port: number, real: number): void;
  /** A background process "on the host", ended by `close`. */
  start(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<Started>;
  /** Ends the listener, the connections and every process started here. */
  close(): Promise<void>;
}

/** An SSH server on 127.0.0.1, in this process, that runs a real `sh` in a folder of its own. */
export async function sshServer(options: SshServerOptions): Promise<SshServer> {
  const { name = "host", username = "deploy", hostKey = testKeys() } = options;
  const files = join(options.directory, `${name}.files`);
  for (const folder of [join(options.directory, name), files]) mkdirSync(folder, { recursive: true });
  const root = realpathSync(join(options.directory, name));
  const mark = randomUUID();
  const env = { ...hostEnv(root, username), ...options.env, [marker]: mark };
  const shell: Shell = { cwd: root, env, groups: new Set() };
  const ports = new Map(Object.entries(options.ports ?? {}).map(([from, to]) => [Number(from), to]));

  const ssh = new ssh2.Server({ hostKeys: [hostKey.private], ident: "testkit" }, (client) => {
    client.on("authentication", (attempt) => authenticate(attempt, username, options.authorizedKey));
    client.on("ready", () => serve(client, shell, ports));
    client.on("error", () => {});
  });
  const door = openDoor((socket) => ssh.injectSocket(socket));
  const port = await listen(door.server, options.port ?? 0);

  return {
    host: hostAt("127.0.0.1", port, username),
    root,
    files,
    address: "127.0.0.1",
    port,
    knownHostsLine: knownHostsLine("127.0.0.1", port, hostKey.public),
    connections: door.count,
    drop: door.drop,
    refuse: door.refuse,
    setPort: (from, real) => void ports.set(from, real),
    start: (argv, extra = {}) =>
      startProcess(argv, { cwd: root, env: { ...env, ...extra } }, (group) => shell.groups.add(group)),
    close: async () => {
      door.drop();
      await new Promise((done) => door.server.close(done));
      for (const group of shell.groups) signalTo(-group, "SIGKILL");
      for (const pid of markedProcesses(mark)) signalTo(pid, "SIGKILL");
    },
  };
}

function serve(client: Connection, shell: Shell, ports: ReadonlyMap<number, number>): void {
  client.on("session", (accept) => serveSession(accept(), shell));
  client.on("tcpip", (accept, reject, to) => forward(accept, reject, to, ports));
}

function hostEnv(root: string, username: string): Record<string, string> {
  const path = process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin";
  return { PATH: path, HOME: root, USER: username, LOGNAME: username, SHELL: "/bin/sh", LC_ALL: "C" };
}

// The ssh2 server never sees a refused connection, and its sockets stay ours to reset.
function openDoor(enter: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  let [seen, refused] = [0, 0];
  const server = createServer({ noDelay: true }, (socket) => {
    seen += 1;
    socket.on("error", () => {});
    if (refused > 0) {
      refused -= 1;
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    enter(socket);
  });
  const drop = () => {
    const live = sockets.size;
    for (const socket of sockets) breakOff(socket);
    return live;
  };
  const refuse = (count: number) => {
    refused = count;
  };
  return { server, drop, refuse, count: () => seen };
}

function listen(server: NetServer, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => done((server.address() as { port: number }).port));
  });
}
