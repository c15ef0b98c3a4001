import type { Parcel } from "@deploy/core";
import type { Entry, FileEntry } from "./types.ts";

/** A tree that is going to be sent, and where the bytes of its files are. */
export interface Origin {
  /** Where what does not fit into memory is kept. */
  readonly directory: string;
  readonly manifest: string;
  /** Sorted by path, as in the stream. */
  readonly entries: readonly Entry[];
  /** Of everything in the stream, seconds since 1970. */
  readonly mtime: number;
  /** Resolves once it is what it was packed as; to be awaited before anything is sent. */
  check(): Promise<void>;
  /** The full stream, uncompressed; its end is reached only where it is what was packed. */
  whole(): AsyncIterable<Uint8Array>;
  /** The full stream in gzip. */
  gzip(): Promise<Parcel | AsyncIterable<Uint8Array>>;
  open(): Promise<Reader>;
}

/** Files one after the other; each is what the manifest says, or its stream throws before its end. */
export interface Reader {
  /** Cheapest in the order of the entries. */
  take(entry: FileEntry): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
