import type { Cdn } from "@deploy/store";
import type { AssetIndex } from "../types.ts";
import type { TenantOptions } from "./tenant.ts";

/** What is published, where to, and as which release. */
export interface PublishOptions extends TenantOptions {
  readonly index: AssetIndex;
  /** Absolute folder in which the files of the index lie. */
  readonly output: string;
  readonly cdn?: Cdn;
  /** Where the files are served from: its path stands before the paths that are purged. */
  readonly baseUrl?: string;
  readonly release: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Uploads at once; 32 unless told. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, path: string) => void;
}
