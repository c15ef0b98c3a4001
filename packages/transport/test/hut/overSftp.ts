import { Secret } from "@deploy/core";
import { documentRoot, type HutSubject, hostAt, openChroot, tcpProxy } from "@deploy/testkit";
import { sftpConnector } from "../../src/files/sftpConnector.ts";

export interface OverSftp extends HutSubject {
  /** With these known hosts. */
  connectKnowing(knownHosts: string): ReturnType<HutSubject["connect"]>;
}

/** A chroot of OpenSSH's, reached straight and through a proxy that cuts. */
export async function overSftp(options: Parameters<typeof openChroot>[0] = {}): Promise<OverSftp> {
  const { folder, host, keys, close } = await openChroot(options);
  const proxy = await tcpProxy({ to: { host: host.address, port: host.port } });
  const open = (port: number, knownHosts: string) => {
    const connect = sftpConnector({ knownHosts, privateKey: new Secret(keys.private) }, { documentRoot });
    return connect(hostAt(host.address, port, host.username));
  };
  const pinAt = (port: number) => host.knownHostsLine().replace(`:${host.port} `, `:${port} `);
  return {
    folder,
    connect: () => open(host.port, host.knownHostsLine()),
    connectKnowing: (knownHosts) => open(host.port, knownHosts),
    bytes: () => proxy.bytes().toServer,
    async cutAfter(bytes) {
      proxy.resume();
      const transport = await open(proxy.port, pinAt(proxy.port));
      if (bytes < Number.MAX_SAFE_INTEGER) proxy.cutAfter(bytes, "toServer");
      return transport;
    },
    async dispose() {
      await proxy.close();
      await close();
    },
  };
}
