import type { Named } from "../fingerprint/fingerprint.ts";
import type { AssetFile, Contents } from "../types.ts";

/** A file of the index, with what is written under its path. */
export interface Written {
  readonly file: AssetFile;
  readonly contents: Contents;
  readonly named: Named;
}
