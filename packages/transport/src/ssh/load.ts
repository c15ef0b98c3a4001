import type { FtpOptions } from "../files/ftp/login.ts";
import type { Connect } from "../port.ts";
import type { SshOptions } from "./connector.ts";

/** As sshConnector, which it loads with ssh2: a third of all that an action would load before it knows its inputs. */
export async function loadSshConnector(options: SshOptions): Promise<Connect> {
  const { sshConnector } = await import("./connector.ts");
  return sshConnector(options);
}

export async function loadSftpConnector(options: SshOptions): Promise<Connect> {
  const { sftpConnector } = await import("../files/sftpConnector.ts");
  return sftpConnector(options);
}

export async function loadFtpConnector(options: FtpOptions): Promise<Connect> {
  const { ftpConnector } = await import("../files/ftp/connector.ts");
  return ftpConnector(options);
}
