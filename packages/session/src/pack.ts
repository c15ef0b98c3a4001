import { join } from "node:path";
import { type PackedArtifact, packArtifact, readCommit, runBuild } from "@deploy/artifact";
import type { Config } from "@deploy/core";

export interface PackRequest {
  readonly config: Config;
  /** The checkout: `source` is relative to it, build commands run in it. */
  readonly root: string;
  /** Packed instead of `source`: files that an earlier job made. */
  readonly folder?: string;
  /** Where the packed files are written. */
  readonly directory: string;
  /** False: `source` is packed as it lies there. */
  readonly build: boolean;
  /** Build commands and git see this and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** Commit hash where git does not know; "" for none. */
  readonly fallback: string;
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Builds (if asked) and packs the release of a checkout; shared paths are left out. */
export async function packRelease(request: PackRequest): Promise<PackedArtifact> {
  const { config, root, directory, env, onOutput, signal } = request;
  const commit = await readCommit(root, env, request.fallback);
  if (request.build) await runBuild({ commands: config.build, cwd: root, env, onOutput, signal });
  return packArtifact({
    root: request.folder ?? join(root, config.source),
    exclude: config.exclude,
    filter: { files: config.upload?.filter ?? [], cwd: root, env },
    shared: [...config.shared.directories, ...config.shared.files],
    time: commit.time,
    commit: commit.commit,
    directory,
  });
}
