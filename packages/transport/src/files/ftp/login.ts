import { isIP } from "node:net";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { DeployError, type Host, type Milliseconds, type Secret } from "@deploy/core";
import { Client } from "basic-ftp";
import { judge } from "./certificate.ts";
import { loginError } from "./errors.ts";

export interface FtpOptions {
  readonly ftpPassword?: Secret | undefined;
  /** For an answer, and for the next byte of a file; 20 s unless told. */
  readonly ftpTimeout?: Milliseconds;
}

/** The server is judged here, before a password is sent to it: refused by us it can say who it is. */
const tlsOf = ({ address }: Host): ConnectionOptions => ({
  host: address,
  ...(isIP(address) === 0 ? { servername: address } : {}),
  rejectUnauthorized: false,
});

/** A client that is logged in, binary, and with TLS (RFC 4217) on both connections. Rejects with a DeployError that says why not. */
export async function logIn(host: Host, { ftpPassword, ftpTimeout = 20_000 }: FtpOptions): Promise<Client> {
  if (ftpPassword === undefined)
    throw new DeployError(
      "password-missing",
      `${host.name} is reached by ${host.via}, and there is no password`,
      {
        place: { host: host.name },
      },
    );
  const client = new Client(ftpTimeout);
  try {
    await begin(client, host);
    await client.sendIgnoringError("OPTS UTF8 ON");
    await client.login(host.username, ftpPassword.reveal());
    await client.useDefaultSettings();
    return client;
  } catch (error) {
    client.close();
    throw loginError(error, host);
  }
}

async function begin(client: Client, host: Host): Promise<void> {
  const { address, port, via } = host;
  if (via === "ftps-implicit") await client.connectImplicitTLS(address, port, tlsOf(host));
  else await client.connect(address, port);
  if (via === "ftps") await client.useTLS(tlsOf(host));
  if (via === "ftp") return;
  const refused = judge(client.ftp.socket as TLSSocket, host);
  if (refused !== undefined) throw refused;
}
