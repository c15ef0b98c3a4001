import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BackupManifest, type BackupRequest, type RestoreRequest, restoreBackup } from "@deploy/backup";
import { Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { type Store, s3Store } from "@deploy/store";
import { loadSshConnector, type SshOptions, type Transport } from "@deploy/transport";
import { type SshdFleetOptions, type SshdHostOptions, sshdFleet } from "../fleet/fleet.ts";
import type { FleetHost } from "../fleet/host.ts";
import { pathOfPart } from "../parts.ts";
import { type S3Server, s3Server } from "../store/s3Server.ts";
import { type Equipment, equip } from "./equipment.ts";

/** A host behind real OpenSSH, a real S3 server, and a key that `age-keygen` made. */
export interface Stage {
  readonly host: FleetHost;
  readonly s3: S3Server;
  readonly store: Store;
  readonly transport: Transport;
  /** Of the `age` command: the key is in `keyFile`, as a person keeps it. */
  readonly recipient: string;
  readonly identity: Secret;
  readonly keyFile: string;
  /** A folder of the test alone. */
  readonly folder: string;
  /** Where commands over ssh keep what they need for a moment: this host's alone. */
  readonly tmp: string;
  readonly ssh: { readonly knownHosts: string; readonly privateKey: string };
  /** A new connection, where told through something in between that listens here. */
  connect(through?: { readonly port: number }, more?: Partial<SshOptions>): Promise<Transport>;
  /** The connection, to the host as if it had other programs. */
  equipped(equipment: Equipment): Transport;
  request(source: Source, change?: Partial<BackupRequest>): BackupRequest;
  restore(
    backup: BackupManifest,
    source: Source,
    into: RestoreRequest["into"],
    over?: Transport,
  ): ReturnType<typeof restoreBackup>;
  keys(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openStage(options: SshdFleetOptions = { hosts: 1 }): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "deploy-backup-"));
  const [fleet, s3] = await Promise.all([sshdFleet(withEnvironment(options)), s3Server()]);
  const [host] = fleet.hosts as readonly [FleetHost];
  const tmp = join(host.files, "tmp");
  for (const made of [tmp, join(host.home, ".ssh")]) mkdirSync(made, { recursive: true });
  writeFileSync(join(host.home, ".ssh/environment"), `TMPDIR=${tmp}\n`);
  const { bucket, region, endpoint, credentials } = s3;
  const store = s3Store({ bucket, prefix: "production", region, endpoint, credentials });
  const key = keygen(folder);
  const opened: Transport[] = [];
  const privateKey = new Secret(fleet.keys.private);
  const connect: Stage["connect"] = async (through, more = {}) => {
    const transport = await connectTo(
      host,
      { knownHosts: fleet.knownHosts(), privateKey, ...more },
      through?.port,
    );
    opened.push(transport);
    return transport;
  };
  const transport = await connect();
  const request: Stage["request"] = (source, change = {}) => ({
    ...{ app: "shop", environment: "production", source, transport, store, recipients: [key.recipient] },
    ...{ verify: "read", compression: "auto", minimum: 1, run: "4711", now: new Date() },
    ...change,
  });
  return {
    ...{ host, s3, store, transport, folder, tmp, connect, request, ...key },
    ssh: { knownHosts: fleet.knownHosts(), privateKey: fleet.keys.private },
    equipped: (equipment) => equip(transport, host.files, equipment),
    restore: (backup, source, into, over = transport) =>
      restoreBackup({ backup, source, transport: over, store, identity: key.identity, into }),
    async keys() {
      const keys: string[] = [];
      for await (const object of store.list("")) keys.push(object.key);
      return keys;
    },
    async close() {
      for (const each of opened) await each.close();
      store.close();
      await Promise.all([fleet.close(), s3.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Hosts read ~/.ssh/environment at each log-in. */
function withEnvironment(options: SshdFleetOptions): SshdFleetOptions {
  const { hosts } = options;
  const wanted: readonly SshdHostOptions[] = typeof hosts === "number" ? Array(hosts).fill({}) : hosts;
  const config = ["PermitUserEnvironment yes"];
  return {
    ...options,
    hosts: wanted.map((host) => ({ ...host, config: [...config, ...(host.config ?? [])] })),
  };
}

/** Through a proxy the host has another address, and the same key. */
async function connectTo(host: FleetHost, options: SshOptions, port: number | undefined): Promise<Transport> {
  if (port === undefined) return (await loadSshConnector(options))(host.host);
  const knownHosts = `[127.0.0.1]:${port} ${host.knownHostsLine().split(" ").slice(1).join(" ")}\n`;
  const connect = await loadSshConnector({ ...options, knownHosts });
  return connect({ ...host.host, address: "127.0.0.1", port });
}

function keygen(folder: string) {
  const keyFile = join(folder, "key.txt");
  const text = execFileSync(`${pathOfPart("age") ?? "age"}-keygen`, [], { encoding: "utf8", stdio: "pipe" });
  writeFileSync(keyFile, text, { mode: 0o600 });
  return { keyFile, identity: new Secret(text), recipient: /age1\w+/.exec(text)?.[0] ?? "" };
}

/** What runs of ours left in a folder. */
export function leftovers(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith(".deploy-dump."));
}
