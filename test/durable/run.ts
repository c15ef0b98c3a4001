import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import { type Phase, type Report, Secret } from "@deploy/core";
import type { EngineEvent } from "@deploy/engine";
import { openSession, type SessionOptions } from "@deploy/session";

/** One run of deploy, as plain data: a child process gets the same on its stdin. */
export interface RunSettings {
  readonly config: unknown;
  readonly knownHosts: string;
  readonly privateKey: string;
  /** The folder to deploy; packed files are written beside it. */
  readonly root: string;
  readonly commit: string;
  /** GitHub's run id, and with the attempt its owner of the lock. */
  readonly run: string;
  readonly attempt?: string;
  readonly phases?: readonly Phase[];
  /** Seconds. */
  readonly lease?: number;
  /** What GitHub says of the run that holds the lock. */
  readonly holderIsOver?: boolean;
  readonly migration?: NonNullable<SessionOptions["migration"]>;
}

/** Packs, plans and runs. Throws for settings only; what a host does is in the report. */
export async function runDeploy(
  settings: RunSettings,
  events: (event: EngineEvent) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Report> {
  const { commit, phases = ["prepare", "data", "activate"] } = settings;
  const packed = await packArtifact({
    root: join(settings.root, "app"),
    exclude: [],
    shared: [],
    time: 1_700_000_000,
    directory: mkdtempSync(join(settings.root, "packed-")),
    commit,
  });
  const session = await openSession(sessionOf(settings, events, signal));
  try {
    const plan = session.plan({ kind: "deploy", now: new Date(), commit, artifact: packed.artifact });
    return await session.run({ plan, phases, artifact: packed });
  } finally {
    await session.close();
  }
}

function sessionOf(
  settings: RunSettings,
  events: SessionOptions["events"],
  signal: AbortSignal,
): SessionOptions {
  const { run, attempt = "1", commit, lease, migration, holderIsOver } = settings;
  return {
    configText: JSON.stringify(settings.config),
    configFile: "deploy.yml",
    overrides: {},
    connection: { knownHosts: settings.knownHosts, privateKey: new Secret(settings.privateKey) },
    ...{ events, signal, dryRun: false, runUrl: `https://example.com/runs/${run}` },
    owner: {
      ...{ id: `org/shop/${run}`, repository: "org/shop", run, attempt, actor: "ann", commit },
      phase: "deploy",
    },
    ...(lease === undefined ? {} : { lease }),
    ...(migration === undefined ? {} : { migration }),
    ...(holderIsOver === undefined ? {} : { isOver: async () => holderIsOver }),
  };
}
