import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { TLSSocket, connect as tlsConnect } from "node:tls";
import type { Host } from "@deploy/core";
import { type Client, FTPError } from "basic-ftp";
import { judge } from "./certificate.ts";

/** Servers that do not know EPSV. */
const old = new WeakSet<Client>();

export interface Data {
  readonly socket: Socket;
  /** Returns when bytes may flow. Rejects where it is not the server. */
  secured(): Promise<void>;
}

/**
 * A connection for the bytes of one file or listing: EPSV (RFC 2428), else PASV (RFC 959), of whose answer only the port is taken.
 * Servers behind NAT tell an address that leads nowhere, and a hostile one could tell somebody else's.
 */
export async function openData(client: Client, host: Host): Promise<Data> {
  const port = await freePort(client);
  const { ftp } = client;
  const control = ftp.socket;
  const raw = connect({ host: control.remoteAddress ?? host.address, port });
  raw.setTimeout(ftp.timeout, () => raw.destroy(new Error(`nothing moved for ${ftp.timeout / 1000} s`)));
  // For good: what it fails with is told by who waits for it.
  raw.on("error", () => undefined);
  await once(raw, "connect");
  if (!(control instanceof TLSSocket)) return { socket: raw, secured: async () => undefined };
  // Servers want proof that both connections are of one client: the session of the first, or the ticket it gave last.
  const session = ftp.tlsSessionStore ?? control.getSession();
  const data = tlsConnect({ ...ftp.tlsOptions, socket: raw, ...(session === undefined ? {} : { session }) });
  data.on("session", (ticket) => {
    ftp.tlsSessionStore = ticket;
  });
  data.on("error", () => undefined);
  // Some servers begin TLS only after the command.
  const begun = once(data, "secureConnect");
  begun.catch(() => undefined);
  const secured = async () => {
    await begun;
    const refused = judge(data, host);
    if (refused !== undefined) throw refused;
  };
  return { socket: data, secured };
}

/** Milliseconds between askings: a server may have few ports for data, and each rests for a while after its use. */
const pauses = [100, 300, 1_000, 3_000];

async function freePort(client: Client): Promise<number> {
  for (const wait of pauses)
    try {
      return await passivePort(client);
    } catch (error) {
      if (!(error instanceof FTPError) || error.code !== 425) throw error;
      await pause(wait);
    }
  return passivePort(client);
}

async function passivePort(client: Client): Promise<number> {
  if (!old.has(client))
    try {
      const { message } = await client.send("EPSV");
      return portOf(/\(([!-~])\1\1(\d{1,5})\1\)/.exec(message)?.[2], message);
    } catch (error) {
      if (!(error instanceof FTPError) || error.code < 500) throw error;
      old.add(client);
    }
  const { message } = await client.send("PASV");
  const [, high, low] = /\d+,\d+,\d+,\d+,(\d{1,3}),(\d{1,3})/.exec(message) ?? [];
  return portOf(`${Number(high) * 256 + Number(low)}`, message);
}

function portOf(text: string | undefined, message: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`no port in its answer: ${message}`);
  return port;
}
