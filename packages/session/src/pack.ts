import { join } from "node:path";
import {
  type Commit,
  type PackedArtifact,
  type PackOptions,
  packArtifact,
  readCommit,
  runBuild,
} from "@deploy/artifact";
import type { Config } from "@deploy/core";
import { checkPlaceholders } from "./placeholders.ts";

/** A folder with the repository's files, and how commands are run there. */
export interface Checkout {
  /** `source` is relative to it, build commands run in it. */
  readonly root: string;
  /** Build commands and git see this and nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onOutput: (text: string) => void;
  readonly onWarning: (text: string) => void;
  readonly onNote?: (text: string) => void;
  /** Somebody works here: beside the commit lies what nobody else has. A job's checkout holds the commit, and what the job made. */
  readonly desk?: boolean;
  readonly signal: AbortSignal;
}

export interface PackRequest extends Checkout {
  readonly config: Config;
  /** Packed instead of `source`: files that an earlier job made. */
  readonly folder?: string;
  /** Where the packed files are written. */
  readonly directory: string;
  /** False: `source` is packed as it lies there. */
  readonly build: boolean;
  readonly commit: Commit;
  /** What is known of the files from the pack before this one. */
  readonly last?: PackOptions["last"];
  /** Nothing is written: who packs sends, in the same process. */
  readonly late?: boolean;
}

/** Builds (if asked) and packs the release of a checkout; shared paths are left out. */
export async function packRelease(request: PackRequest): Promise<PackedArtifact> {
  const { config, root, directory, env } = request;
  if (request.build) await runBuild({ ...request, commands: config.build });
  const packed = request.folder ?? join(root, config.source);
  await checkPlaceholders(config, packed);
  const reads = [...new Set(config.prepare.flatMap((command) => command.reads ?? []))];
  return packArtifact({
    root: packed,
    exclude: config.exclude,
    allowCredentials: config.allowCredentials,
    onWarning: request.onWarning,
    ...(request.onNote === undefined ? {} : { onNote: request.onNote }),
    ...(request.folder === undefined ? ignoredIn(request) : {}),
    filter: { files: config.upload?.filter ?? [], cwd: root, env },
    shared: [...config.shared.directories, ...config.shared.files],
    ...request.commit,
    directory,
    late: request.late ?? false,
    ...(request.last === undefined ? {} : { last: request.last }),
    ...(reads.length === 0 ? {} : { reads }),
  });
}

/** What git ignores is no part of the commit, but where a build made it: docs/decisions/0011. */
function ignoredIn({ config, desk = false }: PackRequest): Pick<PackOptions, "gitIgnored"> {
  const { built, build } = config;
  if (built === undefined && !desk) return {};
  return { gitIgnored: { leave: built !== undefined || build.length === 0, built: built ?? [] } };
}

/** What git says is checked out; where it does not know, `sha` without a time. */
export async function checkedOut({ root, env }: Checkout, sha: string): Promise<Commit> {
  return (await readCommit(root, env)) ?? { commit: sha, time: undefined };
}
