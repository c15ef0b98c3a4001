import type { Problem } from "../errors.ts";
import type { Outcome, Result } from "../outcomes.ts";
import type { Plan } from "../plan/types.ts";
import type { ReleaseBackup } from "../releases/bound.ts";

export interface HostReport {
  readonly host: string;
  readonly before: string | null;
  /** Read from the host at the end; undefined where the truth could not be read. */
  readonly now: string | null | undefined;
  readonly outcomes: readonly Outcome[];
  /** In which it was to switch, `1`; absent: all together, or not at all. */
  readonly wave?: string;
}

/**
 * Whether the database was migrated for this release, as far as this run knows: `none`, it has no migration; `no`, it did not begin;
 * `failed`, it began and did not end well.
 */
export type Migrated = "none" | "no" | "yes" | "failed" | "unknown";

/** What a host printed, or answered, about a step: whatever it is. */
export interface Said {
  readonly host: string;
  readonly step: string;
  readonly text: string;
}

/** Made once from Plan and Outcomes; every rendering comes from it. Plain JSON, no secrets. */
export interface Report {
  readonly schema: 1;
  readonly result: Result;
  readonly exitCode: number;
  /** One sentence. */
  readonly headline: string;
  readonly dryRun: boolean;
  readonly app: string;
  readonly environment: string;
  readonly url?: string;
  readonly kind: Plan["kind"];
  readonly release: string;
  readonly previous: string | null;
  readonly changed: boolean;
  readonly planDigest: string;
  readonly migrated: Migrated;
  readonly hosts: readonly HostReport[];
  /** Of a deploy: made before its migration. Of a rollback: made before the release that was left. */
  readonly backup?: ReleaseBackup;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** Commands or sentences: what a person does next. */
  readonly next: readonly string[];
  /** Milliseconds; `window` is first switch to last switch or revert. */
  readonly timings: { readonly total: number; readonly window?: number };
}
