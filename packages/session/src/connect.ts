import { type Host, nameHost, parseHosts } from "@deploy/core";
import { type Connect, loadSftpConnector, loadSshConnector, recordingTransport } from "@deploy/transport";
import type { Connection, SessionOptions } from "./types.ts";

/** How this session reaches hosts: ssh unless told; in a dry run only reads go through. */
export async function connectorOf(
  options: Pick<SessionOptions, "connect" | "connection" | "dryRun" | "events">,
): Promise<Connect> {
  // Who only looks needs few commands, and may have a key that runs no others.
  const ahead = options.dryRun ? 0 : 2;
  const login = sshOptions(options.connection, options.events);
  const connect = moved(
    options.connect ?? byRoad(await loadSshConnector({ ...login, ahead }), login),
    options.connection,
  );
  if (!options.dryRun) return connect;
  return async (host, signal) =>
    recordingTransport(await connect(host, signal), (text) =>
      options.events({ kind: "note", host: host.name, text: `would run: ${text}` }),
    );
}

/** Each host by the road that it is configured with. */
function byRoad(ssh: Connect, login: Parameters<typeof loadSftpConnector>[0]): Connect {
  return async (host, signal) => {
    if (host.via === undefined) return ssh(host, signal);
    return (await loadSftpConnector(login))(host, signal);
  };
}

function moved(connect: Connect, { reached }: Connection): Connect {
  return reached === undefined
    ? connect
    : (host, signal) => connect({ ...host, ...reached.get(host.name) }, signal);
}

function sshOptions(connection: Connection, events: SessionOptions["events"]) {
  const { jumpHost: _, reached: __, ...login } = connection;
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
