import type { ReachedHost } from "@deploy/core";

export interface ProbeQuestion {
  readonly base: string;
  readonly sharedFiles: readonly string[];
  /** Looked into only for whether anything is there. */
  readonly sharedDirectories?: readonly string[];
  /** Last lines of the journal to bring along. */
  readonly journal: number;
  /** True: the version of rsync is wanted, which starts one. */
  readonly rsync?: boolean;
}

export type ProbeAnswer = Omit<ReachedHost, "host" | "reached">;
