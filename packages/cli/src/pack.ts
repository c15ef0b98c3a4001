import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackedArtifact } from "@deploy/artifact";
import type { Config } from "@deploy/core";
import { packRelease } from "@deploy/session";
import { inCheckout } from "./build.ts";
import { ownCache, pruneCaches } from "./caches.ts";
import { readCommit } from "./commit.ts";
import { type Io, signalOf } from "./io.ts";
import type { PackOptions } from "./options.ts";
import type { Screen } from "./screen.ts";

export interface Packing {
  /** Known at once. */
  readonly commit: string;
  readonly artifact: Promise<PackedArtifact>;
  /** Aborted where nothing could be packed. */
  readonly signal: AbortSignal;
}

/**
 * Builds, and packs what `work` may send, while it asks the servers; a build is over before they are asked, since it may take long.
 * What does not fit into memory lies in a temporary folder, which is removed whatever `work` does. Where nothing can be packed, that
 * is what is thrown, whatever became of `work`. `written`: packed files are written into that folder, as a job hands them over.
 */
export async function withPacked<T>(
  config: Config,
  options: PackOptions & { readonly written?: boolean },
  context: { readonly io: Io; readonly screen: Screen; readonly now: Date },
  work: (packing: Packing) => Promise<T>,
): Promise<T> {
  const { io, screen, now } = context;
  const { warnings, ...commit } = await readCommit(io, options.commit, now);
  for (const warning of warnings) screen.warn(`Warning: ${warning}`);
  const last = lastPack(config, options, io);
  const directory = await mkdtemp(join(io.env.TMPDIR ?? tmpdir(), "deploy-"));
  const failed = new AbortController();
  const artifact = inCheckout(context, (checkout) =>
    packRelease({
      ...{ ...checkout, config, directory, build: options.build, late: options.written !== true, commit },
      ...last,
    }),
  );
  artifact.catch((error: unknown) => failed.abort(error));
  try {
    if (options.build && config.build.length > 0) await artifact;
    const signal = AbortSignal.any([signalOf(io), failed.signal]);
    const done = await work({ commit: commit.commit, artifact, signal }).catch(async (error: unknown) => {
      await artifact;
      throw error;
    });
    if (last.last !== undefined) await pruneCaches(last.last.folder, now);
    return done;
  } finally {
    await artifact.catch(() => {});
    await rm(directory, { recursive: true, force: true });
  }
}

/** Where is kept what the last pack of this folder knew; nowhere in a job. */
function lastPack({ source }: Config, { whole }: PackOptions, { env, cwd }: Io) {
  const name = createHash("sha256").update(join(cwd, source)).digest("hex").slice(0, 16);
  const folder = ownCache(env, `packed/${name}`);
  return folder === undefined ? {} : { last: { folder, whole } };
}
