import { openPacked } from "@deploy/artifact";
import { type ArtifactSource, type Report, Secret } from "@deploy/core";
import type { EngineEvent } from "@deploy/engine";
import { openSession, type SessionOptions } from "@deploy/session";

/** A deploy as plain JSON, for this process or one that is going to be killed. */
export interface Settings {
  /** Folder of the packed release. */
  readonly packed: string;
  readonly knownHosts: string;
  readonly privateKey: string;
  readonly configText: string;
  /** The runner's, to the store. */
  readonly key: { readonly id: string; readonly secret: string };
}

/** Deploys; resolves with the report and what was said meanwhile. */
export async function deployBy(
  { packed: directory, knownHosts, privateKey, configText, key }: Settings,
  more: Partial<SessionOptions> = {},
  through: (packed: ArtifactSource) => ArtifactSource = (packed) => packed,
  now: Date = new Date(),
): Promise<{ readonly report: Report; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const options: SessionOptions = {
    configText,
    configFile: "deploy.yml",
    overrides: {},
    connection: { knownHosts, privateKey: new Secret(privateKey) },
    identity: { keys: { id: key.id, secret: new Secret(key.secret) }, sessionName: "test" },
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
  };
  const session = await openSession(options);
  try {
    const packed = await openPacked(directory);
    const { commit, artifact } = packed;
    const plan = session.plan({ kind: "deploy", now, commit, artifact });
    const report = await session.run({
      plan,
      phases: ["prepare", "data", "activate"],
      artifact: through(packed),
    });
    return { report, notes };
  } finally {
    await session.close();
  }
}
