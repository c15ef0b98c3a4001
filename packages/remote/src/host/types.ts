import type { ReachedHost } from "@deploy/core";

export interface ProbeQuestion {
  readonly base: string;
  readonly sharedFiles: readonly string[];
  /** Looked into only for whether anything is there. */
  readonly sharedDirectories?: readonly string[];
  /** Last lines of the journal to bring along. */
  readonly journal: number;
  /** The program whose version is wanted, which starts one. */
  readonly version?: "rsync" | "git" | undefined;
}

export type ProbeAnswer = Omit<ReachedHost, "host" | "reached">;
