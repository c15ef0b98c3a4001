import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openPacked, type PackedArtifact } from "@deploy/artifact";
import { loadConfig } from "./config.ts";
import { type PackRequest, packRelease } from "./pack.ts";
import type { ConfigOptions } from "./types.ts";

/** The config file's text beside the packed files: a later job needs no checkout. */
export const packedConfigName = "deploy.yml";

export interface ReleaseRequest {
  readonly config: ConfigOptions;
  /** Where packed files lie; absent: `source` is packed. */
  readonly directory: string | undefined;
  readonly pack: Omit<PackRequest, "config">;
}

export interface FoundRelease {
  readonly artifact: PackedArtifact;
  /** Of the packed config; undefined where it is read from the checkout. */
  readonly configText: string | undefined;
}

/** The release to plan or upload: packed before, or packed now. */
export async function findRelease(request: ReleaseRequest): Promise<FoundRelease> {
  const { config, directory, pack } = request;
  if (directory !== undefined) {
    return { artifact: await openPacked(directory), configText: await readPackedConfig(directory) };
  }
  return {
    artifact: await packRelease({ ...pack, config: await loadConfig(config) }),
    configText: undefined,
  };
}

/** undefined where the packed release has none, or there is no packed release. */
export async function readPackedConfig(directory: string | undefined): Promise<string | undefined> {
  if (directory === undefined) return undefined;
  try {
    return await readFile(join(directory, packedConfigName), "utf8");
  } catch {
    return undefined;
  }
}
