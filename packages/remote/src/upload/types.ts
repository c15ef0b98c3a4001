import type { Bridge, Encoding, Tenant } from "@deploy/core";
import type { Fence } from "../fence.ts";

/** The payload is `tar` (gzip) of `manifest`, `keep` and `tree/…`: see docs/architecture.md, "The stream". */
export interface ReceiveOptions {
  readonly fence: Fence;
  readonly release: string;
  readonly commit: string;
  /** Digest and counts from Artifact: checked after extraction, before anything is visible. */
  readonly manifest: string;
  readonly artifact: string;
  readonly files: number;
  /** The release whose unchanged files are copied; null: the stream holds everything. */
  readonly from: string | null;
  /** mtime of every file that is no link to one of `from`, whatever the stream says; seconds since 1970. */
  readonly mtime: number;
  readonly shared: { readonly directories: readonly string[]; readonly files: readonly string[] };
  /** Absent: nothing is taken over from earlier releases. */
  readonly bridge?: Bridge | undefined;
  /**
   * `link`: unchanged files are hard links to those of `from` and keep their times. A command that writes into one in
   * place then changes both releases, the live one too: only where the user asked for it. `copy` unless told.
   */
  readonly unchanged?: "copy" | "link" | undefined;
  /**
   * `changed`: what comes from `from`, was verified there and has kept inode, ctime, mtime and size is not hashed again, where
   * the host can tell. `whole`: every file is. `changed` unless told.
   */
  readonly verify?: "changed" | "whole" | undefined;
  /** Of the stream; gzip unless told. */
  readonly encoding?: Encoding | undefined;
  /**
   * `stream` (unless told): on stdin. `url`: stdin is a line with the address from which this host fetches it.
   * `staged`: `rsync` brought the files; the stream on stdin has the manifest only. `git`: as a stream, whose unchanged files are
   * those that `gitStage` brought.
   */
  readonly source?: "stream" | "url" | "staged" | "git" | undefined;
  /** Of `url`: bytes that the unpacked stream has at most. */
  readonly limit?: number | undefined;
  /** True: nothing more is to be done before the switch, the state becomes `ready`. */
  readonly ready: boolean;
  readonly run: string;
  /** Hosts that are left out of this deploy: whoever looks later learns it from the record. */
  readonly without?: readonly string[] | undefined;
  /** Whose the folder is from now on. */
  readonly tenant: Tenant;
}

/** `already`: the same release with the same manifest is there and whole. */
export interface Received {
  readonly status: "received" | "already";
  readonly state: "partial" | "ready";
  /** Files taken over from earlier releases, and those that were not because they are damaged or gone there. */
  readonly bridged?: { readonly files: number; readonly skipped: number };
}
