import type { Config } from "../config/types.ts";
import type { SeenCertificate } from "../doctor/outside/seen.ts";
import type { Facts } from "../facts.ts";
import type { HostDrift } from "../status/drift.ts";

/** One backup in the store. */
export interface BackupSeen {
  readonly id: string;
  readonly created: Date;
  /** Bytes, as they are stored. */
  readonly size: number;
  readonly database: string;
  /** The release it was made before; empty: by hand. */
  readonly release: string;
  /** What was proved of it, in a word each. */
  readonly proofs: readonly string[];
}

/** What the store of the backups holds: whole ones, newest first, and how many cannot be used. */
export interface BackupsSeen {
  readonly whole: readonly BackupSeen[];
  readonly damaged: number;
}

/** What a status page is made of: what was read from the servers, and when. */
export interface StatusView {
  readonly config: Config;
  readonly facts: readonly Facts[];
  /** When they were read. */
  readonly now: Date;
  /** Who read them, in a few words: `ann's desk`, a run. */
  readonly by: string;
  /** What was changed by hand; absent: not looked at. */
  readonly drift?: readonly HostDrift[];
  /** Absent: there is no store, or it could not be read. */
  readonly backups?: BackupsSeen;
  /** Of the site's address, as visitors meet it; absent: nobody looked, or it shows none. */
  readonly certificate?: SeenCertificate;
}

/** Names of hosts become `host 1`, `host 2`, wherever they stand: for pages that anybody may read. */
export function redactHosts(view: StatusView): StatusView {
  const names = view.config.hosts.map(({ name }) => name);
  // The longest first: `web1` is the beginning of `web10`.
  const known = [...new Set([...names, ...view.config.hosts.map(({ address }) => address)])]
    .filter((name) => name !== "")
    .sort((one, other) => other.length - one.length);
  const numbered = (name: string): string => {
    const at = view.config.hosts.findIndex((host) => host.name === name || host.address === name);
    return `host ${at + 1}`;
  };
  const plain = (text: string): string =>
    known.reduce((said, name) => said.replaceAll(name, numbered(name)), text);
  const deep = (value: unknown): unknown => {
    if (typeof value === "string") return plain(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deep(inner)]));
  };
  const { leader, hosts, without } = view.config;
  const config = { ...view.config, ...(deep({ leader, hosts, ...(without && { without }) }) as object) };
  return {
    ...view,
    ...(deep({ facts: view.facts, drift: view.drift }) as Pick<StatusView, "facts" | "drift">),
    config,
  };
}
