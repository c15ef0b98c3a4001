import { DeployError } from "@deploy/core";
import type { Client, SFTPWrapper } from "ssh2";
import { type HutOptions, HutTransport } from "../hut/transport.ts";
import type { Connect } from "../port.ts";
import { loginBy, type SshOptions } from "../ssh/connector.ts";
import { SftpFiles } from "./sftp.ts";

/** Connects to hosts that give a login its files and no shell. Rejects as `sshConnector`, and with `channel-refused`. */
export function sftpConnector(options: SshOptions, hut: HutOptions = {}): Connect {
  const log = loginBy(options);
  return async (host, signal) => {
    const { client, leave } = await log(host, signal);
    try {
      return new HutTransport(host, new SftpFiles(host, client, await openSftp(client), leave), {
        ...(host.documentRoot === undefined ? {} : { documentRoot: host.documentRoot }),
        ...hut,
      });
    } catch (error) {
      client.destroy();
      leave();
      throw new DeployError("channel-refused", `${host.name} opened no SFTP: ${(error as Error).message}`);
    }
  };
}

function openSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
    client.once("close", () => reject(new Error("the server closed the connection")));
  });
}
