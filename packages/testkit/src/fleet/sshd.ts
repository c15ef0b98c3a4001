import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathOfPart } from "../parts.ts";
import { marker } from "../processes.ts";
import { type KeyPair, testKeys } from "../ssh/keys.ts";

/** What one sshd is told. */
export interface SshdConfig {
  /** Its own folder, for the config, the host key and the authorized key. */
  readonly directory: string;
  readonly address: string;
  readonly port: number;
  readonly authorizedKey: string;
  readonly home: string;
  readonly mark: string;
  /** More lines, before all others: in sshd the first value wins. */
  readonly extra: readonly string[];
}

/** Writes the files of one sshd; returns the command that runs it in the foreground. */
export function writeSshd(config: SshdConfig): string[] {
  const file = join(config.directory, "sshd_config");
  mkdirSync(config.directory, { recursive: true });
  writeFileSync(join(config.directory, "authorized_keys"), `${config.authorizedKey}\n`);
  writeFileSync(file, renderSshdConfig(config));
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  return [pathOfPart("sshd") ?? "/usr/sbin/sshd", "-D", "-e", "-f", file];
}

/** A new host key for this sshd, used from its next start. */
export function writeHostKey(directory: string): KeyPair {
  const key = testKeys({ comment: "host" });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "host_key"), key.private, { mode: 0o600 });
  return key;
}

export function renderSshdConfig(config: SshdConfig): string {
  const path = `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return [
    ...config.extra,
    `Port ${config.port}`,
    `ListenAddress ${config.address}`,
    `HostKey ${join(config.directory, "host_key")}`,
    `AuthorizedKeysFile ${join(config.directory, "authorized_keys")}`,
    "StrictModes no",
    "UsePAM no",
    "PidFile none",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "AllowTcpForwarding yes",
    `SetEnv "HOME=${config.home}" "PATH=${path}" ${marker}=${config.mark}`,
    "",
  ].join("\n");
}
