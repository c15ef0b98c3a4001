import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PackedArtifact, packArtifact } from "@deploy/artifact";
import type { Report } from "@deploy/core";
import type { SessionOptions } from "@deploy/session";
import {
  hostTree,
  type S3Server,
  type SshdFleet,
  type SshdFleetOptions,
  s3Server,
  sshdFleet,
  type TcpProxy,
  type TreeEntry,
  tcpProxy,
} from "@deploy/testkit";
import { deployBy } from "./deployBy.ts";

/** Real sshd hosts, an S3 server that they reach, and a folder for the application. */
export interface Stage {
  readonly fleet: SshdFleet;
  readonly store: { readonly store: string; readonly endpoint: string; readonly region: string };
  readonly folder: string;
  /** Packs a folder as the release of `round`. */
  pack(root: string, round: number): Promise<PackedArtifact>;
  deploy(packed: PackedArtifact, how: How): Promise<Deployed>;
  /** What lies in `current` of a deploy-to folder below the host's own, with times. */
  tree(base: string, host?: number): readonly TreeEntry[];
  close(): Promise<void>;
}

export interface How {
  /** deploy-to, below the hosts' own folder. */
  readonly base: string;
  /** The config's `upload:`. */
  readonly upload?: Readonly<Record<string, unknown>>;
  /** Which hosts; all unless told. */
  readonly hosts?: readonly number[];
  readonly more?: Partial<SessionOptions>;
  /** When it is planned, to the second: one commit has one release then. */
  readonly now?: Date;
}

export interface Deployed {
  readonly report: Report;
  readonly notes: readonly string[];
}

export async function openStage(options: SshdFleetOptions): Promise<Stage> {
  const fleet = await sshdFleet(options);
  const s3 = await s3Server();
  const door = await tcpProxy({ address: fleet.gateway, to: { host: "127.0.0.1", port: s3.port } });
  const folder = mkdtempSync(join(tmpdir(), "deploy-trees-"));
  return {
    fleet,
    store: storeOf(s3, door),
    folder,
    pack: (root, round) =>
      packArtifact({
        root,
        exclude: [],
        shared: [],
        time: 1_700_000_000 + round * 100,
        directory: mkdtempSync(join(folder, "packed-")),
        commit: String(round).padEnd(40, "c"),
      }),
    deploy: (packed, how) => deploy(fleet, s3, packed, how),
    tree: (base, host = 0) =>
      hostTree(join(fleet.hosts[host]?.root ?? "", base, "current/"), { mtime: true }),
    async close() {
      await door.close();
      await s3.stop();
      await fleet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function storeOf(s3: S3Server, door: TcpProxy): Stage["store"] {
  return {
    store: `s3://${s3.bucket}/parcels`,
    endpoint: `http://${door.address}:${door.port}`,
    region: s3.region,
  };
}

function deploy(
  fleet: SshdFleet,
  s3: S3Server,
  { directory: packed }: PackedArtifact,
  { base, upload, hosts, more, now }: How,
): Promise<Deployed> {
  const targets = fleet.hosts.filter((_, index) => hosts?.includes(index) !== false);
  const settings = {
    packed,
    knownHosts: fleet.knownHosts(),
    privateKey: fleet.keys.private,
    configText: JSON.stringify({
      app: "shop",
      "deploy-to": `${fleet.hosts[0]?.srv}/${base}`,
      "keep-releases": 2,
      ...(upload === undefined ? {} : { upload }),
      environments: {
        production: {
          hosts: targets.map(({ address, port, username }) => ({ address, port, username })),
        },
      },
    }),
    key: { id: s3.accessKey, secret: s3.secretKey },
  };
  return deployBy(settings, more, undefined, now);
}
