import { parseHosts } from "@deploy/core";
import { type Connect, recordingTransport, sshConnector } from "@deploy/transport";
import type { Connection, SessionOptions } from "./types.ts";

/** How this session reaches hosts: ssh unless told; in a dry run only reads go through. */
export function connectorOf(options: SessionOptions): Connect {
  const connect = options.connect ?? sshConnector(sshOptions(options.connection, options.events));
  if (!options.dryRun) return connect;
  return async (host, signal) =>
    recordingTransport(await connect(host, signal), (text) =>
      options.events({ kind: "note", host: host.name, text: `would run: ${text}` }),
    );
}

function sshOptions(connection: Connection, events: SessionOptions["events"]) {
  const { jumpHost: line, ...login } = connection;
  const [jumpHost] = line === undefined ? [] : parseHosts(line, { input: "jump-host" });
  const note = (text: string) => events({ kind: "note", text });
  return { ...login, note, ...(jumpHost === undefined ? {} : { jumpHost }) };
}
