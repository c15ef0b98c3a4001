import type { Problem } from "@deploy/core";
import type { PruneResult } from "../prune/types.ts";
import type { AssetIndex, Built, PublishResult } from "../types.ts";

/** What building, publishing and pruning came to: every rendering is made from this. */
export interface AssetsReport {
  readonly index: AssetIndex;
  /** Absent: what an earlier build left was published. */
  readonly built?: Pick<Built, "tools" | "reused">;
  /** Nothing was written to the store: `publish` and `prune` tell what would be done. */
  readonly dryRun: boolean;
  readonly release?: string;
  /** The store's, for people: `s3://bucket/prefix`. */
  readonly location?: string;
  /** The cache's name in front of it. */
  readonly cdn?: string;
  readonly publish?: PublishResult;
  readonly prune?: PruneResult;
  /** The last release, where it is not known from `publish`. */
  readonly before?: AssetIndex;
  /** Beside those of `publish` and `prune`. */
  readonly problems?: readonly Problem[];
  readonly warnings?: readonly string[];
}
