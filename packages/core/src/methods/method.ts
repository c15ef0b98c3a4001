import type { StoreSettings } from "../config/types.ts";
import type { ReachedHost } from "../facts.ts";
import type { MeansName } from "../steps/means.ts";

/** All that choosing, showing and checking need to know of one way in which a release comes to a host; the engine's file of the same name does it. */
export interface UploadMethod {
  /** What it does, for whoever chooses. */
  readonly about: string;
  /** How, for whoever approves it. */
  words(from: { readonly store?: StoreSettings; readonly repository?: string }): string;
  /** What became of the bytes: `sent`, `fetched`. */
  readonly done: string;
  readonly needs: readonly MeansName[];
  /** Hosts fetch from the config's store. */
  readonly fetches?: true;
  /** Hosts fetch from the config's repository. */
  readonly clones?: true;
  /** It finds what is unchanged, and compresses, by itself. */
  readonly own?: true;
  /** What a host lacks for it, in words; undefined: nothing. */
  lack(host: ReachedHost): string | undefined;
}
