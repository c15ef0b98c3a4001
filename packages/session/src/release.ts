import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { openPacked, type PackedArtifact } from "@deploy/artifact";
import type { Plan, PlanRequest } from "@deploy/core";
import { loadConfig } from "./config.ts";
import { type Checkout, checkedOut, packRelease } from "./pack.ts";
import type { ConfigOptions } from "./types.ts";

export interface ReleaseRequest extends Checkout {
  readonly settings: ConfigOptions;
  /** Where packed files lie; absent: `source` is packed. */
  readonly directory: string | undefined;
  /** Where a folder for packed files is made. */
  readonly temporary: string;
  /** Commit hash where git does not know; "" for none. */
  readonly sha: string;
}

/**
 * The release to plan or upload: packed before, or packed now. Nothing is built: build scripts never run beside keys,
 * and what a config builds is packed by the pack action.
 */
export async function findRelease(request: ReleaseRequest): Promise<PackedArtifact> {
  const { settings, directory, temporary, sha, ...checkout } = request;
  if (directory !== undefined) return openPacked(directory);
  return packRelease({
    ...checkout,
    config: await loadConfig({ ...settings, root: checkout.root }),
    directory: await mkdtemp(join(temporary, "deploy-packed-")),
    build: false,
    commit: await checkedOut(checkout, sha),
  });
}

export interface Asked {
  /** As it was named before. */
  readonly release?: string | undefined;
  readonly force?: boolean;
  readonly takeOver?: string | undefined;
}

/** Asks for a deploy of what was packed. */
export function deployRequest(
  { commit, artifact }: Pick<PackedArtifact, "commit" | "artifact">,
  now: Date,
  { release, force = false, takeOver }: Asked,
): PlanRequest {
  const named = release === undefined ? {} : { release };
  return { kind: "deploy", now, commit, artifact, force, takeOver, ...named };
}

/** What an approved plan was asked for with; without one, what is asked now. */
export function askedFor(approved: Plan | string | undefined, asked: Asked = {}): Asked {
  if (typeof approved !== "object") return asked;
  const { release, forced, takeOver } = approved;
  return { release, force: forced === true, takeOver };
}
