import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import { documentRoot, type HutSubject, hostAt, sshdFleet, type TcpProxy, tcpProxy, testKeys } from "@deploy/testkit";
import { sftpConnector } from "../../src/files/sftpConnector.ts";

const keys = testKeys();

export interface Chroot extends HutSubject {
  readonly proxy: TcpProxy;
  /** With these known hosts. */
  connectKnowing(knownHosts: string): ReturnType<HutSubject["connect"]>;
}

/** OpenSSH as a hoster gives it: a root of its own, files, no shell. `room`: bytes, in words of mount. */
export async function openChroot({ room }: { readonly room?: string } = {}): Promise<Chroot> {
  // sshd wants every folder above it to be root's alone, which /tmp is not.
  const folder = mkdtempSync("/run/hut-");
  execFileSync("chmod", ["755", folder]);
  mkdirSync(join(folder, "site"));
  if (room !== undefined) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${room}`, "tmpfs", join(folder, "site")]);
  const config = [`ChrootDirectory ${folder}`, "ForceCommand internal-sftp", "Subsystem sftp internal-sftp"];
  const fleet = await sshdFleet({ hosts: [{ config }], namespaces: false, keys });
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error("no host");
  const proxy = await tcpProxy({ to: { host: host.address, port: host.port } });
  const open = (port: number, knownHosts: string) =>
    sftpConnector({ knownHosts, privateKey: new Secret(keys.private) }, { documentRoot })(
      hostAt(host.address, port, host.username),
    );
  const pin = (port: number) => host.knownHostsLine().replace(`:${host.port} `, `:${port} `);
  return {
    folder,
    proxy,
    connect: () => open(host.port, host.knownHostsLine()),
    connectKnowing: (knownHosts) => open(host.port, knownHosts),
    bytes: () => proxy.bytes().toServer,
    async cutAfter(bytes) {
      proxy.resume();
      const transport = await open(proxy.port, pin(proxy.port));
      if (bytes < Number.MAX_SAFE_INTEGER) proxy.cutAfter(bytes, "toServer");
      return transport;
    },
    async dispose() {
      await proxy.close();
      await fleet.close();
      if (room !== undefined) execFileSync("umount", [join(folder, "site")]);
      rmSync(folder, { recursive: true });
    },
  };
}
