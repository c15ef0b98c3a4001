import { join } from "node:path";
import type { Artifact, ArtifactSource } from "@deploy/core";

/** One thing in the packed tree. `path` is relative, `/`-separated, valid UTF-8 without control characters. */
export type Entry =
  | { readonly type: "directory"; readonly path: string; readonly mode: number }
  | {
      readonly type: "file";
      readonly path: string;
      readonly mode: number;
      readonly size: number;
      /** Lower-case hex. */
      readonly sha256: string;
    }
  | { readonly type: "link"; readonly path: string; readonly target: string };

export type FileEntry = Extract<Entry, { type: "file" }>;

export interface PackOptions {
  /** The folder that is packed; must exist and hold something. */
  readonly root: string;
  /** gitignore-style patterns, relative to `root`. */
  readonly exclude: readonly string[];
  /** What git ignores: left out but for `built`, paths relative to `root`, or packed and told of. Absent: packed. */
  readonly gitIgnored?: { readonly leave: boolean; readonly built: readonly string[] };
  /** rsync filter files: what they leave out is left out too. */
  readonly filter?: Filter;
  /** Relative paths left out: they live in shared/ on the hosts. */
  readonly shared: readonly string[];
  /**
   * mtime of every entry, seconds since 1970: the commit's time, so that equal trees are equal bytes. Undefined: the
   * newest file's, which at least stays while the tree does.
   */
  readonly time: number | undefined;
  /** Where `release.tar.gz`, `manifest` and `artifact.json` are written; made if missing. */
  readonly directory: string;
  /** What is known of the files from the pack before, and kept for the next. Absent: everything is read. */
  readonly last?: LastOptions;
  /**
   * True: nothing is compressed or written; what a host lacks is read from `root` when it is asked for. For who packs and sends in one
   * process. The artifact's digest is then that of the manifest and the time.
   */
  readonly late?: boolean;
  /** Full hash, "" where unknown. */
  readonly commit?: string;
  /** Files that are packed although they hold credentials, relative to `root`. */
  readonly allowCredentials?: readonly string[];
  /** Paths that prepare commands read: the artifact tells their digests. */
  readonly reads?: readonly string[];
  readonly onWarning?: (text: string) => void;
  readonly onNote?: (text: string) => void;
}

export interface LastOptions {
  /** Of this source alone; nobody else may write there. */
  readonly folder: string;
  /** Every file is read, whatever was known of it. */
  readonly whole?: boolean;
  /** Milliseconds; of a file that changed within so many before it was read nothing is kept. Two seconds unless told. */
  readonly young?: number;
}

/** rsync's own rules, with paths relative to `cwd`; what they say is relative to the folder that is packed. */
export interface Filter {
  readonly files: readonly string[];
  readonly cwd: string;
  /** rsync, and git where it is asked about modes, see this and nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A packed release on disk. */
export interface PackedArtifact extends ArtifactSource {
  /** Full hash, "" where unknown. */
  readonly commit: string;
  /** Of everything in the tar, seconds since 1970. */
  readonly mtime: number;
  readonly directory: string;
  /**
   * Makes the tree in `to`, a folder that is missing or empty, as a host would, and gives the number of files. Every byte is
   * verified. Throws `artifact-damaged`, `artifact-unwritable`, `source-changed`.
   */
  unpack(to: string): Promise<number>;
}

/** `release.tar.gz`, as it lies there. */
export interface PackedFile {
  /** Hex SHA-256 of its bytes. */
  readonly digest: string;
  readonly size: number;
  /** Compressed bytes of each block (blocks.ts), in order. */
  readonly blocks: readonly number[];
}

/** `artifact.json`. */
export interface ArtifactRecord {
  readonly schema: 1;
  readonly artifact: Artifact;
  readonly mtime: number;
  readonly commit: string;
  readonly packed: PackedFile;
}

/** A packed release as it lies on disk. */
export interface Saved {
  readonly directory: string;
  readonly record: ArtifactRecord;
  readonly manifest: string;
  /** Sorted by path, as in the stream. */
  readonly entries: readonly Entry[];
  /** True: release.tar.gz was written by this process a moment ago. */
  readonly verified: boolean;
}

/** Where the full stream lies, in a folder that `packArtifact` wrote. */
export function packedFile(directory: string): string {
  return join(directory, "release.tar.gz");
}
