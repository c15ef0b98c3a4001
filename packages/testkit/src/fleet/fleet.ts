import { randomInt, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { listMissingParts } from "../parts.ts";
import { type KeyPair, testKeys } from "../ssh/keys.ts";
import { makeFleetFolder } from "./folder.ts";
import { type Ground, type GroundOptions, openLoopback, openNamespaces } from "./ground.ts";
import { type FleetHost, openHost } from "./host.ts";
import { makeNetwork, type Network } from "./network.ts";
import { openSystemd } from "./systemd.ts";

export interface SshdHostOptions {
  /** Size of a memory file system on /srv, such as `4m`. Namespaces only. */
  readonly tmpfs?: string;
  /** Login shell of root. Namespaces only. */
  readonly shell?: string;
  /** Its first process is Debian's own systemd. Namespaces only. */
  readonly systemd?: true;
  /** More lines of sshd_config; the first value of a keyword wins. */
  readonly config?: readonly string[];
}

export interface SshdFleetOptions {
  /** How many, or one entry each. */
  readonly hosts: number | readonly SshdHostOptions[];
  /** True where root can make them, unless told. */
  readonly namespaces?: boolean;
  /** The key that may log in; a new pair unless told. */
  readonly keys?: KeyPair;
}

export interface SshdFleet {
  readonly hosts: readonly FleetHost[];
  readonly keys: KeyPair;
  readonly namespaces: boolean;
  /** The test's own address as the hosts reach it. */
  readonly gateway: string;
  /** All hosts, one line each. */
  knownHosts(): string;
  /** Takes a host's cable out or puts it back. Namespaces only. */
  setLink(index: number, up: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Real OpenSSH servers: on port 22 of a network namespace each, or on loopback ports of this machine. */
export async function sshdFleet(options: SshdFleetOptions): Promise<SshdFleet> {
  const wanted = typeof options.hosts === "number" ? Array(options.hosts).fill({}) : options.hosts;
  const { keys = testKeys(), namespaces = listMissingParts(["ip"]).length === 0 } = options;
  const directory = makeFleetFolder();
  const network = namespaces ? await makeNetwork(wanted.length) : undefined;
  const hosts: FleetHost[] = [];
  const close = async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await network?.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    for (const [index, host] of wanted.entries()) {
      hosts.push(await openOne(host, index, join(directory, `host${index + 1}`), keys, network));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    hosts,
    keys,
    namespaces,
    gateway: network?.gateway ?? "127.0.0.1",
    knownHosts: () => hosts.map((host) => `${host.knownHostsLine()}\n`).join(""),
    setLink: async (index, up) => {
      if (network === undefined) throw new Error("setLink needs a fleet with namespaces");
      await network.setLink(index, up);
    },
    close,
  };
}

async function openOne(
  options: SshdHostOptions,
  index: number,
  directory: string,
  keys: KeyPair,
  network: Network | undefined,
): Promise<FleetHost> {
  const mark = randomUUID();
  const where: GroundOptions = { directory, mark, ...pick(options) };
  const name = network?.namespaces[index];
  const open = options.systemd === true ? openSystemd : openNamespaces;
  const ground: Ground = name === undefined ? openLoopback(where) : await open(where, name);
  const at = {
    address: network?.addresses[index] ?? "127.0.0.1",
    port: network === undefined ? await findFreePort() : 22,
    username: network === undefined ? userInfo().username : "root",
  };
  const common = { directory, mark, authorizedKey: keys.public, extra: options.config ?? [] };
  try {
    return await openHost({ ...common, ...at }, ground);
  } catch (error) {
    await ground.close();
    throw error;
  }
}

function pick({ tmpfs, shell }: SshdHostOptions): Pick<GroundOptions, "tmpfs" | "shell"> {
  return { ...(tmpfs === undefined ? {} : { tmpfs }), ...(shell === undefined ? {} : { shell }) };
}

/**
 * A port of 127.0.0.1 that was free a moment ago: by chance, and below those that the system gives to whoever connects or
 * asks for any (32768 and up), of which one would be taken again at once.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer().once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}
