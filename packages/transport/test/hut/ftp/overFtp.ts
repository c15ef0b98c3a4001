import { type Host, Secret } from "@deploy/core";
import { documentRoot, type FtpOptions, type FtpServer, type HutSubject, openFtp } from "@deploy/testkit";
import { ftpConnector } from "../../../src/files/ftp/connector.ts";

export interface OverFtp extends HutSubject {
  readonly server: FtpServer;
  /** Otherwise than the server wants it. */
  connectAs(host: Partial<Host>, password?: string): ReturnType<HutSubject["connect"]>;
}

const vias = { plain: "ftp", explicit: "ftps", implicit: "ftps-implicit" } as const;

/** A real FTP server, reached straight and through a proxy that cuts. */
export async function overFtp(options: FtpOptions): Promise<OverFtp> {
  const server = await openFtp(options);
  const { folder, address, port, username, password, certificate, proxy } = server;
  const host: Host = {
    ...{
      name: "hoster",
      address,
      port,
      username,
      roles: [],
      via: vias[options.tls ?? "plain"],
      documentRoot,
    },
    ...(certificate === "" ? {} : { certificate }),
  };
  const open = (more: Partial<Host>, word = password) =>
    ftpConnector(word === "" ? {} : { ftpPassword: new Secret(word) })({ ...host, ...more });
  return {
    ...{ folder, server, connectAs: open },
    connect: () => open({}),
    bytes: () => proxy.bytes(),
    async cutAfter(bytes) {
      proxy.resume();
      const transport = await open({ address: proxy.address });
      if (bytes < Number.MAX_SAFE_INTEGER) proxy.cutAfter(bytes);
      return transport;
    },
    dispose: () => server.close(),
  };
}
