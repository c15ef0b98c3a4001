import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sshdFleet } from "../fleet/fleet.ts";
import type { FleetHost } from "../fleet/host.ts";
import { type KeyPair, testKeys } from "../ssh/keys.ts";

export interface Chroot {
  /** What the login calls `/`. */
  readonly folder: string;
  readonly host: FleetHost;
  readonly keys: KeyPair;
  close(): Promise<void>;
}

/** OpenSSH as a hoster gives it: a root of its own, files, no shell. `room`: bytes of `/site`, in words of mount. Only root can make one. */
export async function openChroot({ room }: { readonly room?: string } = {}): Promise<Chroot> {
  // sshd wants every folder above it to be root's alone, which /tmp is not.
  const folder = mkdtempSync("/run/hut-");
  const site = join(folder, "site");
  execFileSync("chmod", ["755", folder]);
  mkdirSync(site);
  if (room !== undefined) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${room}`, "tmpfs", site]);
  const config = [`ChrootDirectory ${folder}`, "ForceCommand internal-sftp", "Subsystem sftp internal-sftp"];
  const keys = testKeys();
  const fleet = await sshdFleet({ hosts: [{ config }], namespaces: false, keys });
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error("no host");
  return {
    folder,
    host,
    keys,
    async close() {
      await fleet.close();
      if (room !== undefined) execFileSync("umount", [site]);
      rmSync(folder, { recursive: true });
    },
  };
}
