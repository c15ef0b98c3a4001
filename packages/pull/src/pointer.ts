/** What a machine fetches to make a release: an object `parcels/<sha256>` of the store, as `receive` reads it. */
export interface Parcel {
  readonly sha256: string;
  readonly bytes: number;
  readonly encoding: "gzip" | "zstd" | "none";
}

/** A smaller parcel, for machines that have `from`. */
export interface Delta extends Parcel {
  readonly from: string;
}

/** A release, and all that proves it. */
export interface Pointed {
  readonly release: string;
  /** SHA-256 of the manifest: the identity of the tree, however it came. */
  readonly manifest: string;
  readonly files: number;
  /** Seconds since 1970, of every file. */
  readonly mtime: number;
  /** The commit's whole name. */
  readonly commit: string;
  readonly parcel: Parcel;
  readonly deltas: readonly Delta[];
}

/** Asked on the machine itself after a switch; good is an answer of 2xx whose `X-Release` names the release. */
export interface Health {
  readonly url: string;
  /** How often it is asked, a second apart, before it counts as failed. */
  readonly tries: number;
}

/**
 * What machines that pull are to serve, as one object of a store: text and signature in one, since two objects cannot be read
 * together. Lines of words, since sh reads it. All times are seconds since 1970.
 */
export interface Pointer {
  readonly app: string;
  readonly environment: string;
  /** Higher with each pointer, whatever it points to. A machine's fencing token. */
  readonly serial: number;
  readonly issued: number;
  /** From then on it is no order any more: who withholds newer ones cannot do so for ever. */
  readonly expires: number;
  readonly live: Pointed;
  /** Machines switch at this second of their own clock, late ones at once. */
  readonly activateAt: number | undefined;
  /** Prepared by all, served by none. */
  readonly next: Pointed | undefined;
  /** How many releases a machine keeps beside the live one. */
  readonly keep: number;
  readonly directories: readonly string[];
  readonly files: readonly string[];
  /** Commands in the new release, before it is visible. */
  readonly prepare: readonly string[];
  /** Commands in `current`, after a switch and after the way back. */
  readonly afterSwitch: readonly string[];
  readonly health: Health | undefined;
}
