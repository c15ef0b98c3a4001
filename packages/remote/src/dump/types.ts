import type { Secret } from "@deploy/core";
import type { RemoteCommand } from "../command.ts";

/** A server's database, from a URL: no part is ever text of a command line but the password-less ones, as quoted positionals. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly name: string;
  /** `sslmode` and the like, allow-listed. */
  readonly options: Readonly<Record<string, string>>;
}

/** What a look at the source told, before anything is dumped. */
export interface SourceFacts {
  /** Database name, path or first folder. */
  readonly name: string;
  /** `PostgreSQL 15.14`; the tool's version for files and commands. */
  readonly server: string;
  /** `pg_dump 15.14`. */
  readonly tool: string;
  /** What tells this database from another of the same name: PostgreSQL's system identifier, MySQL's server uuid, else empty. */
  readonly identity: string;
  /** Bytes, a generous upper estimate of the dump; 0 where nothing can be told. */
  readonly estimate: number;
  readonly tables: number;
  /** What `auto` would choose. */
  readonly compressor: Compression;
  /** Non-InnoDB tables and the like: said, not refused. */
  readonly warnings: readonly string[];
}

export const compressions = ["zstd", "gzip", "none"] as const;
export type Compression = (typeof compressions)[number];

/**
 * A command whose stdout is bytes for the runner and no answer: the begin line, then the bytes up to the end of the stream. Its
 * answer (begin line, lines, end line) stands on stderr, behind what the tools said there; `parse` reads it from there.
 * The bytes are whole only where the command exited 0 and the answer is there (reliability, 3.4: gate the tail).
 */
export interface RemoteStream<T> extends RemoteCommand<T> {
  readonly streams: true;
}

/** What the host saw of a dump, in the one pass that made it. */
export interface Dumped {
  /** Before compression. */
  readonly bytes: number;
  /** Hex SHA-256 of the same. */
  readonly sha256: string;
  /** The dump's own tool read the whole of it beside (pg_restore, tar, integrity_check, the trailer, the user's verify). */
  readonly parsed: true;
  readonly compression: Compression;
  /** Files that changed while they were read, and the like: said, not refused. */
  readonly warnings: readonly string[];
}

/** What a restore made. */
export interface RestoredDump {
  /** Tables of a database, files of a folder; 0 for a command. */
  readonly tables: number;
  readonly warnings: readonly string[];
  /** What it went past where it was to keep going, by name; absent: nothing. */
  readonly failures?: readonly string[];
}

export interface Swapped {
  /** False: there was nothing in that place before. */
  readonly kept: boolean;
  readonly warnings: readonly string[];
}

/** What is compared between a source and its restored copy. */
export interface Counted {
  /** Folders and their files, for files. By name. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** Hex SHA-256 of the definitions. */
  readonly schema: string;
}
