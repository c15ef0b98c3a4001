import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DeployError, type Host } from "@deploy/core";
import type { Io } from "./io.ts";

/** What `~/.ssh/config` says of the servers, where no flag says it. */
export interface SshConfig {
  readonly identityFile?: string;
  readonly knownHosts?: string;
  readonly jumpHost?: string;
  /** By name: where hosts are really reached (`HostName`, `Port`). */
  readonly reached: ReadonlyMap<string, Pick<Host, "address" | "port">>;
}

type Settings = ReadonlyMap<string, readonly string[]>;

/**
 * OpenSSH reads its own file: `ssh -G` says what it makes of it, with every pattern and `Match`. What a flag says wins. Nothing
 * where there is no such file or no ssh. Throws `input-invalid` where hosts differ in what the command line has only once.
 */
export async function readSshConfig(
  hosts: readonly Host[],
  io: Pick<Io, "env">,
  flags: Omit<SshConfig, "reached"> = {},
): Promise<SshConfig> {
  const file = join(io.env.HOME ?? homedir(), ".ssh", "config");
  if (hosts.length === 0 || !existsSync(file)) return { reached: new Map() };
  const ask = (to: string, port?: number) => settingsOf(file, to, port, io);
  const each = await Promise.all(
    hosts.map(async (host) => ({
      host,
      settings: await ask(`${host.username}@${host.address}`, host.port === 22 ? undefined : host.port),
    })),
  );
  const all = each.map(({ settings }) => settings);
  const jump = flags.jumpHost === undefined ? same("ProxyJump", "--jump-host", all.map(jumpIn)) : undefined;
  const identityFile = flags.identityFile ?? same("IdentityFile", "--identity-file", all.map(identityIn));
  const knownHosts = flags.knownHosts ?? same("UserKnownHostsFile", "--known-hosts", all.map(pinsIn));
  return {
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
    ...(jump === undefined ? {} : { jumpHost: await lineOf(jump, ask) }),
    reached: new Map(each.map(({ host, settings }) => [host.name, reachedBy(host, settings)])),
  };
}

function settingsOf(
  file: string,
  to: string,
  port: number | undefined,
  io: Pick<Io, "env">,
): Promise<Settings> {
  const args = ["-G", "-F", file, ...(port === undefined ? [] : ["-p", String(port)]), "--", to];
  return new Promise((done) => {
    execFile("ssh", args, { env: { ...io.env } }, (_error, stdout) => {
      const settings = new Map<string, string[]>();
      for (const line of stdout.split("\n")) {
        const space = line.indexOf(" ");
        const [key, value] = [line.slice(0, space), line.slice(space + 1)];
        if (space > 0) settings.set(key, [...(settings.get(key) ?? []), value]);
      }
      done(settings);
    });
  });
}

/** Those that ssh tries by itself are nobody's choice: then the agent is asked, as without a file. */
function identityIn(settings: Settings): string | undefined {
  return settings
    .get("identityfile")
    ?.find((path) => !/\.ssh\/id_(rsa|dsa|xmss|ecdsa|ed25519)(_sk)?$/.test(path));
}

function pinsIn(settings: Settings): string | undefined {
  const [first] = settings.get("userknownhostsfile")?.[0]?.split(" ") ?? [];
  return first === undefined || /\.ssh\/known_hosts$/.test(first) ? undefined : first;
}

function jumpIn(settings: Settings): string | undefined {
  const [jump = "none"] = settings.get("proxyjump") ?? [];
  return jump === "none" ? undefined : jump;
}

function reachedBy({ address, port }: Host, settings: Settings): Pick<Host, "address" | "port"> {
  const [hostname = address] = settings.get("hostname") ?? [];
  return { address: hostname, port: Number(settings.get("port")?.[0] ?? port) };
}

/** The jump host itself may be an alias. */
async function lineOf(jump: string, ask: (to: string, port?: number) => Promise<Settings>): Promise<string> {
  const [, to = jump, port] = jump.match(/^(?:ssh:\/\/)?(.*?)(?::(\d+))?$/) ?? [];
  const settings = await ask(to, port === undefined ? undefined : Number(port));
  const get = (key: string) => settings.get(key)?.[0] ?? "";
  return `${get("user")}@${get("hostname")}:${get("port")}`;
}

function same(key: string, flag: string, values: readonly (string | undefined)[]): string | undefined {
  const different = [...new Set(values)];
  if (different.length <= 1) return different[0];
  const listed = different.map((value) => value ?? "none").join(", ");
  throw new DeployError("input-invalid", `~/.ssh/config has several ${key} for these servers: ${listed}`, {
    hint: `Name one with ${flag}.`,
  });
}
