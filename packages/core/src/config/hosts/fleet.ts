import { DeployErrors, type Problem } from "../../errors.ts";
import type { Finding } from "../file/finding.ts";
import { problem } from "../file/problem.ts";
import { readLines } from "../values/text.ts";
import { nameHost } from "./address.ts";
import { type HostEntry, hostMapping, portOf, readHostLine, type Via } from "./line.ts";

/** One server of the fleet. `name` is unique: what the config calls it, else the address, with the port where that is not 22. */
export interface Host {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** Empty means: every role. */
  readonly roles: readonly string[];
  /** Absent: by SSH, with a shell. */
  readonly via?: Exclude<Via, "ssh">;
  /** With `via`: where visitors read. */
  readonly documentRoot?: string;
  /** With FTPS: the SHA-256 of its certificate, in 64 hexadecimal digits. Absent: what the system trusts. */
  readonly certificate?: string;
}

export interface FleetOptions {
  /** The login for hosts that name none. */
  readonly username?: string | undefined;
  /** Whether a host without a login is a mistake. */
  readonly complete: boolean;
  /** Where an entry stands, for the message about a host that is there twice. */
  readonly lineOf: (index: number) => number | undefined;
}

export interface Fleet {
  /** By entry: undefined where the entry is wrong. */
  readonly hosts: readonly (Host | undefined)[];
  readonly findings: readonly Finding[];
}

/** Reads host lines and mappings. Paths of findings start at `hosts`; mappings are judged by the schema. */
export function readFleet(entries: readonly unknown[], options: FleetOptions): Fleet {
  const findings: Finding[] = [];
  const first = new Map<string, number>();
  const hosts = entries.map((raw, index) => {
    const find = (code: Finding["code"], message: string, hint?: string) => {
      const path = ["hosts", index];
      findings.push({ path, at: "value", code, message, ...(hint === undefined ? {} : { hint }) });
      return undefined;
    };
    const entry = typeof raw === "string" ? readHostLine(raw) : readMapping(raw);
    if (entry === undefined) return undefined;
    if ("message" in entry) return find(entry.code, entry.message, entry.hint);
    const host = toHost(entry, options.username);
    const place = nameHost(host.address, host.port);
    for (const [key, what] of [
      [place, "each host once"],
      [host.name, "another name for each host"],
    ] as const) {
      const before = first.get(key);
      if (before !== undefined)
        return find("config-host-twice", `expected ${what}, got ${key} again${sayLine(before)}`);
    }
    for (const key of [place, host.name]) first.set(key, index);
    const clash = clashOf(host);
    if (clash !== undefined) return find("config-conflict", ...clash);
    if (host.username !== "" || !options.complete) return host;
    return find("config-missing", `expected a user for ${host.name}, got nothing`, userHint(host.name));
  });
  return { hosts, findings };

  function sayLine(index: number): string {
    const line = options.lineOf(index);
    return line === undefined ? "" : ` (first on line ${line})`;
  }
}

/**
 * Reads a newline list of `[user@]address[:port] [name=web1] [roles=web,worker]` lines, the grammar of every `hosts` input.
 * Throws DeployErrors with one problem per bad line.
 */
export function parseHosts(
  list: string,
  options: { input?: string; username?: string } = {},
): readonly Host[] {
  const lines = readLines(list);
  const lineOf = (index: number) => lines[index]?.line;
  const entries = lines.map((entry) => entry.text);
  const { hosts, findings } = readFleet(entries, { username: options.username, complete: true, lineOf });
  const path = `input ${options.input ?? "hosts"}`;
  const problems: Problem[] = findings.map((finding) => {
    const line = lineOf(finding.path[1] as number);
    return problem(finding, { path, ...(line === undefined ? {} : { line }) });
  });
  if (problems.length > 0) throw new DeployErrors(problems);
  return Object.freeze(hosts.filter((host) => host !== undefined).map((host) => Object.freeze(host)));
}

function readMapping(raw: unknown): HostEntry | undefined {
  const read = hostMapping.safeParse(raw);
  if (!read.success) return undefined;
  const { address, name, username, via, documentRoot, certificate, roles = [] } = read.data;
  return {
    ...{ address, port: read.data.port ?? portOf(via), roles: [...new Set(roles)] },
    ...(name === undefined ? {} : { name }),
    ...(username === undefined ? {} : { username }),
    ...(via === undefined ? {} : { via }),
    ...(documentRoot === undefined ? {} : { documentRoot }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

function toHost(
  { address, port, name, username, roles, via, documentRoot, certificate }: HostEntry,
  fallback: string | undefined,
): Host {
  return {
    ...{ name: name ?? called(address, port, via), address, port },
    ...{ username: username ?? fallback ?? "", roles },
    ...(via === undefined || via === "ssh" ? {} : { via }),
    ...(documentRoot === undefined ? {} : { documentRoot }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** By its address, with the port where that is not the usual one of its road. */
function called(address: string, port: number, via: Via | undefined): string {
  return nameHost(address, port === portOf(via) ? portOf() : port);
}

/** Words and a hint. */
function clashOf({ name, via, documentRoot, certificate }: Host): readonly [string, string] | undefined {
  if (documentRoot !== undefined && via === undefined)
    return [
      `expected via: sftp (or ftps, ftp) beside document-root of ${name}, got none`,
      "By SSH with a shell, `current` in deploy-to is what visitors see: leave document-root out.",
    ];
  if (certificate !== undefined && via !== "ftps" && via !== "ftps-implicit")
    return [
      `expected via: ftps beside certificate of ${name}, got ${via ?? "none"}`,
      "By SSH and SFTP a server is known by its key, in known-hosts; plain FTP proves nothing.",
    ];
  return undefined;
}

function userHint(name: string): string {
  return `Write user@${name}, or set username.`;
}
