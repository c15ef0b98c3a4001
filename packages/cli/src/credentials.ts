import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { DeployError, type Host, Secret } from "@deploy/core";
import type { GitAccess } from "@deploy/engine";
import type { Connection } from "@deploy/session";
import type { Io } from "./io.ts";
import { keyFileOf, knownHostsFile } from "./made.ts";
import { defaultConfig } from "./options.ts";
import { readSshConfig } from "./sshConfig.ts";

export interface CredentialOptions {
  /** Without it, what ssh's own configuration says, else OpenSSH's own. */
  readonly knownHosts?: string;
  readonly identityFile?: string;
  readonly jumpHost?: string;
}

/**
 * Reads what logging in to these hosts needs: from the flags, else as `~/.ssh/config` says, else what `init --keys` made for this
 * app and project. Without an identity file, or with a public one, it is the ssh-agent's turn.
 */
export async function readCredentials(
  options: CredentialOptions,
  io: Io,
  { app, hosts }: { readonly app?: string; readonly hosts: readonly Host[] } = { hosts: [] },
): Promise<Connection> {
  const password = io.env.DEPLOY_FTP_PASSWORD;
  const ftp = password ? { ftpPassword: new Secret(password) } : {};
  const bySsh = hosts.filter(({ via }) => via === undefined || via === "sftp");
  if (hosts.length > 0 && bySsh.length === 0) return { knownHosts: "", ...ftp };
  const ssh = await readSshConfig(bySsh, io, options);
  const pins = options.knownHosts ?? ssh.knownHosts ?? madePins(io) ?? "~/.ssh/known_hosts";
  const knownHosts = await readKnownHosts(pins, io);
  const jumpHost = options.jumpHost ?? ssh.jumpHost;
  return {
    knownHosts,
    ...ftp,
    ...(jumpHost === undefined ? {} : { jumpHost }),
    ...(ssh.reached.size === 0 ? {} : { reached: ssh.reached }),
    ...(await readKey(options.identityFile ?? ssh.identityFile ?? madeKey(app, io), io)),
  };
}

function madePins({ cwd }: Io): string | undefined {
  const path = join(cwd, knownHostsFile);
  return existsSync(path) ? path : undefined;
}

function madeKey(app: string | undefined, io: Io): string | undefined {
  const file = app === undefined ? undefined : keyFileOf(app);
  return file !== undefined && existsSync(pathOf(file, io)) ? file : undefined;
}

async function readKnownHosts(file: string, io: Io): Promise<string> {
  const path = pathOf(file, io);
  const text = await readText(path);
  if (text === undefined || text.trim() === "") {
    throw new DeployError(
      "known-hosts-missing",
      `${path} ${text === undefined ? "cannot be read" : "is empty"}`,
      {
        place: { file },
      },
    );
  }
  return text;
}

async function readKey(file: string | undefined, io: Io): Promise<Partial<Connection>> {
  if (file === undefined) {
    if (io.env.SSH_AUTH_SOCK) return { agent: io.env.SSH_AUTH_SOCK };
    throw new DeployError(
      "identity-missing",
      "no --identity-file was given and no ssh-agent is running (SSH_AUTH_SOCK is not set)",
    );
  }
  const text = await readText(pathOf(file, io));
  if (text === undefined) {
    throw new DeployError("identity-missing", `${pathOf(file, io)} cannot be read`, { place: { file } });
  }
  if (io.env.SSH_AUTH_SOCK && /^(ssh|ecdsa|sk)-\S+ AAAA/.test(text))
    return { agent: io.env.SSH_AUTH_SOCK, agentKey: text };
  const passphrase = io.env.DEPLOY_SSH_PASSPHRASE;
  return {
    privateKey: new Secret(text),
    ...(passphrase ? { passphrase: new Secret(passphrase) } : {}),
  };
}

/** What servers fetch the commit with, where they have no login of their own there. */
export function gitAccess({ env }: Pick<Io, "env">): GitAccess {
  const [key, token] = [env.DEPLOY_GIT_KEY, env.DEPLOY_GIT_TOKEN];
  return {
    ...(key ? { key: new Secret(key) } : {}),
    ...(token ? { token: new Secret(token) } : {}),
  };
}

/** `~/` is the home folder; the config nobody named is the project's, everything else relative to where the command was given. */
export function pathOf(file: string, io: Io): string {
  const home = io.env.HOME ?? homedir();
  if (file.startsWith("~/")) return join(home, file.slice(2));
  return resolve(file === defaultConfig ? io.cwd : (io.calledIn ?? io.cwd), file);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
