import type { Artifact, Encoding } from "./plan/types.ts";

/** A stream for all hosts that need the same. */
export interface Parcel {
  readonly encoding: Encoding;
  /** As it is sent. */
  readonly bytes: number;
  /** Bytes of files that are not in it, since the host has them. */
  readonly saved: number;
  /** Hex SHA-256 of the bytes as they are sent. */
  readonly digest: string;
  /** May be read by many hosts at once. */
  read(): AsyncIterable<Uint8Array>;
}

/** The packed files of a release, ready to be streamed to many hosts at once; packages/artifact makes it. */
export interface ArtifactSource {
  readonly artifact: Artifact;
  /** The new manifest's text. */
  readonly manifest: string;
  /**
   * The tar for a host that has `base` (a manifest's text) already; null: everything. Made and compressed once for
   * each base and encoding, by the first who asks, and shared. Rejects with `artifact-damaged` before anything of it is
   * sent, and with `artifact-unwritable` where there is no room for what does not fit into memory.
   */
  parcel(base: string | null, encoding: Encoding): Promise<Parcel>;
  /** The manifest alone, for a host to which something else brings the files; gzip. */
  roster(): Promise<Parcel>;
}
