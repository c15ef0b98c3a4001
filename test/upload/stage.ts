import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PackedArtifact, packArtifact } from "@deploy/artifact";
import { type Report, Secret } from "@deploy/core";
import type { EngineEvent } from "@deploy/engine";
import { openSession, type SessionOptions } from "@deploy/session";
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
  for (const [name, value] of Object.entries(credentials(s3))) process.env[name] = value;
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
        commit: String(round).padStart(40, "c"),
      }),
    deploy: (packed, how) => deploy(fleet, packed, how),
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

function credentials(s3: S3Server): Readonly<Record<string, string>> {
  return { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey };
}

async function deploy(
  fleet: SshdFleet,
  packed: PackedArtifact,
  { base, upload, hosts, more }: How,
): Promise<Deployed> {
  const notes: string[] = [];
  const targets = fleet.hosts.filter((_, index) => hosts?.includes(index) !== false);
  const session = await openSession({
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
    configFile: "deploy.yml",
    overrides: {},
    connection: { knownHosts: fleet.knownHosts(), privateKey: new Secret(fleet.keys.private) },
    events: (event: EngineEvent) => void (event.kind === "note" && notes.push(event.text)),
    signal: new AbortController().signal,
    dryRun: false,
    runUrl: "",
    owner: {
      id: "a/b/1",
      repository: "a/b",
      run: "1",
      attempt: "1",
      actor: "ann",
      commit: "-",
      phase: "deploy",
    },
    ...more,
  });
  try {
    const { commit, artifact } = packed;
    const plan = session.plan({ kind: "deploy", now: new Date(), commit, artifact });
    const report = await session.run({ plan, phases: ["prepare", "data", "activate"], artifact: packed });
    return { report, notes };
  } finally {
    await session.close();
  }
}
