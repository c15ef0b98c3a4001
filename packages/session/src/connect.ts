import { type Host, nameHost, parseHosts } from "@deploy/core";
import {
  type Connect,
  loadFtpConnector,
  loadSftpConnector,
  loadSshConnector,
  recordingTransport,
} from "@deploy/transport";
import type { Connection, SessionOptions } from "./types.ts";

/** How this session reaches these hosts: ssh unless told; in a dry run only reads go through. Throws for credentials that one of them needs. */
export async function connectorOf(
  options: Pick<SessionOptions, "connect" | "connection" | "dryRun" | "events">,
  hosts: readonly Host[],
): Promise<Connect> {
  const connect = moved(options.connect ?? (await byRoad(options, hosts)), options.connection);
  if (!options.dryRun) return connect;
  return async (host, signal) =>
    recordingTransport(await connect(host, signal), (text) =>
      options.events({ kind: "note", host: host.name, text: `would run: ${text}` }),
    );
}

/** Each host by the road that it is configured with. What a road needs is looked at before any host is connected to. */
async function byRoad(
  { connection, dryRun, events }: Pick<SessionOptions, "connection" | "dryRun" | "events">,
  hosts: readonly Host[],
): Promise<Connect> {
  const login = sshOptions(connection, events);
  // Who only looks needs few commands, and may have a key that runs no others.
  const ahead = dryRun ? 0 : 2;
  const roads = new Map<Host["via"], Connect>();
  for (const { via } of hosts) {
    if (roads.has(via)) continue;
    if (via === undefined) roads.set(via, await loadSshConnector({ ...login, ahead }));
    else if (via === "sftp") roads.set(via, await loadSftpConnector(login));
    else roads.set(via, await loadFtpConnector(connection));
  }
  return (host, signal) => {
    const connect = roads.get(host.via);
    if (connect === undefined) throw new Error(`no road to ${host.name}`);
    return connect(host, signal);
  };
}

function moved(connect: Connect, { reached }: Connection): Connect {
  return reached === undefined
    ? connect
    : (host, signal) => connect({ ...host, ...reached.get(host.name) }, signal);
}

function sshOptions(connection: Connection, events: SessionOptions["events"]) {
  const { jumpHost: _, reached: __, ftpPassword: ___, ...login } = connection;
  const jumpHost = jumpOf(connection);
  const note = (text: string) => events({ kind: "note", text });
  return { ...login, note, ...(jumpHost === undefined ? {} : { jumpHost }) };
}

/** The host that others are reached through. Throws DeployErrors for a line that is none. */
export function jumpOf({ jumpHost: line }: Connection): Host | undefined {
  return line === undefined ? undefined : parseHosts(line, { input: "jump-host" })[0];
}

/** `user@name:port`, however it was written. */
export function jumpLine(connection: Connection): string | undefined {
  const jump = jumpOf(connection);
  return jump && `${jump.username}@${nameHost(jump.address, jump.port)}`;
}
