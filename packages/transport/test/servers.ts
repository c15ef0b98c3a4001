import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeployError, type Host, type Problem, Secret } from "@deploy/core";
import { type SshServerOptions, sshServer, testKeys } from "@deploy/testkit";
import { type SshOptions, sshConnector } from "../src/ssh/connector.ts";

export const keys = testKeys();

export const hostAt = (port: number, address = "127.0.0.1"): Host => ({
  name: `${address}:${port}`,
  address,
  port,
  username: "deploy",
  roles: [],
});

/** What must be closed at the end of a test file, last opened first. */
export class Closing {
  readonly #all: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.#all.unshift(close);
  }

  async close(): Promise<void> {
    for (const close of this.#all.splice(0)) await close();
  }
}

/** An SSH server that runs a real sh, and a connector that may log in there. */
export async function sshHost(closing: Closing, options: Partial<SshServerOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "transport-"));
  const server = await sshServer({ directory, authorizedKey: keys.public, ...options });
  closing.add(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });
  const connector = (more: Partial<SshOptions> = {}) =>
    sshConnector({ knownHosts: server.knownHostsLine, privateKey: new Secret(keys.private), ...more });
  return { server, connector };
}

/** A TCP server that is no SSH server: `talk` decides what it does. */
export async function tcpServer(closing: Closing, talk: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.add(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as { port: number }).port;
}

/** The problem a promise fails with; its value where it does not. */
export async function problemWith(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    (value) => new Error(`no failure, but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof DeployError) return error.problem;
  throw error;
}
