import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PackedArtifact, packArtifact } from "@deploy/artifact";
import { type DeployError, type Host, Secret } from "@deploy/core";
import type { RsyncAsked } from "@deploy/engine";
import {
  type Fence,
  finish,
  flip,
  lockAcquire,
  type ReceiveOptions,
  type RemoteCommand,
  receive,
} from "@deploy/remote";
import { type FleetHost, type SshdFleet, type SshdFleetOptions, sshdFleet } from "@deploy/testkit";
import { type ExecOptions, loadSshConnector, type Transport } from "@deploy/transport";

/** Real sshd hosts and folders of this machine, without an engine: a test carries and prepares by itself. */
export interface Rig {
  readonly fleet: SshdFleet;
  readonly folder: string;
  pack(root: string, round: number): Promise<PackedArtifact>;
  /** One connection to a host, and a deploy-to of its own there that this run has locked. */
  open(base: string, at?: Place): Promise<Site>;
  close(): Promise<void>;
}

export interface Place {
  readonly host?: number;
  /** Another way to it. */
  readonly through?: Pick<Host, "address" | "port">;
}

export interface Site {
  readonly transport: Transport;
  readonly fence: Fence;
  /** A path below deploy-to, as this machine sees it. */
  path(below: string): string;
  ask<T>(command: RemoteCommand<T>, options?: ExecOptions): Promise<T>;
  asked(release: string, more?: Partial<RsyncAsked>): RsyncAsked;
  /** From what rsync staged. */
  adopt(packed: PackedArtifact, release: string, more?: Partial<ReceiveOptions>): Promise<unknown>;
  /** From a stream that holds everything. */
  send(packed: PackedArtifact, release: string): Promise<unknown>;
  /** What git staged, and from a parcel what is not in `manifest`. */
  take(packed: PackedArtifact, release: string, manifest: string): Promise<unknown>;
  goLive(release: string): Promise<void>;
}

export const releaseOf = (round: number) => `20261121T0${round}4450Z-aaaaaa${round}`;

export async function openRig(options: SshdFleetOptions): Promise<Rig> {
  const fleet = await sshdFleet(options);
  const folder = mkdtempSync(join(tmpdir(), "deploy-rsync-test-"));
  const open: Transport[] = [];
  return {
    fleet,
    folder,
    pack: (root, round) =>
      packArtifact({
        ...{ root, exclude: [], shared: [], time: 1_700_000_000 + round * 100, commit: "c".repeat(40) },
        directory: mkdtempSync(join(folder, "packed-")),
      }),
    async open(base, at = {}) {
      const found = fleet.hosts[at.host ?? 0] as FleetHost;
      const site = await siteOf(fleet, found, base, at.through);
      open.push(site.transport);
      return site;
    },
    async close() {
      for (const transport of open) await transport.close();
      await fleet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function siteOf(
  fleet: SshdFleet,
  found: FleetHost,
  name: string,
  through: Place["through"],
): Promise<Site> {
  const pinned = found.knownHostsLine().split(" ").slice(1).join(" ");
  const extra = through === undefined ? "" : `[${through.address}]:${through.port} ${pinned}\n`;
  const knownHosts = `${fleet.knownHosts()}${extra}`;
  const connect = await loadSshConnector({ knownHosts, privateKey: new Secret(fleet.keys.private) });
  const transport = await connect({ ...found.host, ...through });
  const base = `${found.srv}/${name}`;
  const ask: Site["ask"] = async (command, options) => {
    const result = await transport.exec(command, options);
    if (result.status !== "exited") throw new Error(`${command.name}: ${JSON.stringify(result)}`);
    return command.parse(result);
  };
  const owner = {
    id: "run-1",
    repository: "a/b",
    run: "1",
    attempt: "1",
    actor: "ann",
    commit: "-",
    phase: "x",
  };
  const { token } = await ask(lockAcquire({ base, owner, lease: 600 }));
  const fence: Fence = { base, token, owner: owner.id };
  const common = (packed: PackedArtifact, release: string): ReceiveOptions => ({
    ...{ fence, release, commit: packed.commit, manifest: packed.artifact.manifest, run: "" },
    ...{ artifact: packed.artifact.digest, files: packed.artifact.files, mtime: packed.mtime },
    ...{ from: null, shared: { directories: [], files: [] }, ready: true },
    tenant: { app: "shop", environment: "production", repository: "" },
  });
  return {
    transport,
    fence,
    path: (below) => join(found.root, name, below),
    ask,
    asked: (release, more = {}) => ({
      ...{ transport, fence, release, from: null, unchanged: "copy" },
      ...{ signal: new AbortController().signal, onBytes: () => {} },
      ...more,
    }),
    adopt: async (packed, release, more = {}) => {
      const roster = await packed.roster();
      const { encoding } = roster;
      const options: ReceiveOptions = { ...common(packed, release), source: "staged", encoding, ...more };
      return ask(receive(options), { input: roster.read() });
    },
    send: async (packed, release) => {
      const parcel = await packed.parcel(null, "gzip");
      return ask(receive(common(packed, release)), { input: parcel.read() });
    },
    take: async (packed, release, manifest) => {
      const parcel = await packed.parcel(manifest, "gzip");
      return ask(receive({ ...common(packed, release), source: "git" }), { input: parcel.read() });
    },
    goLive: async (release) => {
      await ask(flip({ fence, expect: null, to: release, step: "activate" }));
      await ask(finish({ fence, release, bad: null, removals: [] }));
    },
  };
}

/** `count` files of this many bytes that no rsync finds anything common in. */
export function writeMany(root: string, count: number, size: number): void {
  for (let index = 0; index < count; index++) {
    const folder = join(root, `part ${index % 7}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${index}.bin`), noise(`${index}`, size));
  }
}

/** Bytes that depend on the seed and nothing else. */
export function noise(seed: string, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < size; at += 64) parts.push(createHash("sha512").update(`${seed}/${at}`).digest());
  return Buffer.concat(parts).subarray(0, size);
}

/** Ends every rsync whose parent is this process: the runner's end. Gives how many. */
export function killClient(): number {
  return kill((pid) => parentOf(pid) === process.pid);
}

/** Ends every rsync that works in the staging folder of a release: the host's end. Gives how many. */
export function killServer(release: string): number {
  return kill((pid) => linkAt(`/proc/${pid}/cwd`).endsWith(`/${release}.rsync`));
}

function kill(wanted: (pid: number) => boolean): number {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const found = pids.filter((pid) => nameOf(pid) === "rsync" && wanted(pid));
  for (const pid of found) process.kill(pid, "SIGKILL");
  return found.length;
}

const nameOf = (pid: number) => read(`/proc/${pid}/comm`).trim();
const parentOf = (pid: number) => Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]);

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

/** The problem it rejects with. */
export async function refused(work: Promise<unknown>): Promise<readonly [string, string]> {
  const error = await work.then(
    (value) => new Error(`it went well: ${JSON.stringify(value)}`),
    (thrown: DeployError) => thrown,
  );
  return "problem" in error ? [error.problem.code, error.problem.message] : ["", error.message];
}
