import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PackedArtifact, packArtifact } from "@deploy/artifact";
import type { Config } from "@deploy/core";
import { build } from "./build.ts";
import { type Commit, readCommit } from "./commit.ts";
import type { Io } from "./io.ts";
import type { PackOptions } from "./options.ts";
import type { Screen } from "./screen.ts";

export interface Packed {
  readonly commit: Commit;
  readonly artifact: PackedArtifact;
}

/** Builds, packs into a temporary folder, and removes that folder whatever `work` does. */
export async function withPacked<T>(
  config: Config,
  options: PackOptions,
  { io, screen, now }: { readonly io: Io; readonly screen: Screen; readonly now: Date },
  work: (packed: Packed) => Promise<T>,
): Promise<T> {
  const commit = await readCommit(io, options.commit, now);
  for (const warning of commit.warnings) screen.warn(`Warning: ${warning}`);
  if (options.build) await build(config.build, io, screen);
  const directory = await mkdtemp(join(io.env.TMPDIR ?? tmpdir(), "deploy-"));
  try {
    const artifact = await packArtifact({
      root: join(io.cwd, config.source),
      exclude: config.exclude,
      filter: { files: config.upload?.filter ?? [], cwd: io.cwd, env: io.env },
      shared: [...config.shared.directories, ...config.shared.files],
      time: commit.time,
      directory,
      commit: commit.commit,
    });
    return await work({ commit, artifact });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
