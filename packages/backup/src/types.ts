import type { DatabaseKind, Secret } from "@deploy/core";
import type { Compression, Source } from "@deploy/remote";
import type { Store } from "@deploy/store";
import type { Transport } from "@deploy/transport";

/** How a dump was proved. `parsed`: its own tool read the whole of it, in the pass that made it. `read-back`: the stored bytes were read again and are those. `restored`: into a scratch database. */
export type Proof = "parsed" | "read-back" | "decrypted" | "restored";

/** Written last: without it there is no backup. Kept in the store as `<id>.json`, plain, without secrets. */
export interface BackupManifest {
  readonly schema: 1;
  /** `20261121T084450Z-shop-7f3a`; also the name of both objects. */
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  /** ISO, UTC. */
  readonly created: string;
  /** The release this backup was made before; absent for one made by hand. */
  readonly release?: string;
  /** The release that was live then: what the data fits to. */
  readonly live?: string;
  readonly run: string;
  /** Who ran it: `octocat`, or `ada@laptop` from a desk. */
  readonly by?: string;
  /** Where the dump was made. */
  readonly host?: string;
  readonly database: {
    readonly kind: DatabaseKind;
    readonly name: string;
    readonly server: string;
    readonly tool: string;
    readonly identity: string;
    readonly tables: number;
  };
  readonly compression: Compression;
  /** age recipients; empty: not encrypted. */
  readonly recipients: readonly string[];
  /** Of the dump, before compression. */
  readonly plain: { readonly size: number; readonly sha256: string };
  readonly stored: { readonly key: string; readonly size: number; readonly sha256: string };
  /** Roles and tablespaces of the server, as SQL, packed, encrypted and proved like the dump. Nothing applies them by itself. */
  readonly globals?: Pick<BackupManifest, "plain" | "stored">;
  readonly proofs: readonly Proof[];
  /** It was restored for proof without owners and grants, since with them it could not be: so must the next restore. */
  readonly plainOwners?: boolean;
  /** Milliseconds: of the dump and its upload, and of the proof. */
  readonly took: { readonly dump: number; readonly verify: number };
  /** By Ed25519, over all of the above. `key`: its public half, as `signed-by` has it; both in base64. */
  readonly signature?: { readonly key: string; readonly value: string };
}

export interface BackupRequest {
  readonly app: string;
  readonly environment: string;
  readonly source: Source;
  readonly transport: Transport;
  readonly store: Store;
  /** `age1…`. */
  readonly recipients: readonly string[];
  /** `AGE-SECRET-KEY-…`: given only where the stored bytes shall be decrypted as proof. */
  readonly identity?: Secret;
  /** Public keys: one of them is that of `signingKey`. Absent: it need not be signed. */
  readonly signedBy?: readonly string[];
  /** PKCS#8 PEM. */
  readonly signingKey?: Secret;
  readonly verify: "read" | "restore";
  readonly compression: Compression | "auto";
  readonly level?: number;
  /** Bytes: a smaller dump is refused as empty. */
  readonly minimum: number;
  readonly release?: string;
  readonly live?: string;
  readonly run: string;
  readonly by?: string;
  /** The database may be another one than last time: it was moved or renamed on purpose. */
  readonly allowIdentityChange?: boolean;
  readonly now: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Lines for people. */
  readonly onNote?: (text: string) => void;
}

export interface Progress {
  readonly phase: "dump" | "verify" | "restore";
  /** Bytes of the plain dump so far (dump), or of stored bytes (verify, restore). */
  readonly done: number;
  /** An estimate, 0 where unknown. */
  readonly total: number;
  /** Bytes a second over the last seconds. */
  readonly rate: number;
}

export interface RestoreRequest {
  readonly backup: BackupManifest;
  readonly source: Source;
  readonly transport: Transport;
  readonly store: Store;
  readonly identity?: Secret;
  /** Database to make, which must not exist. Over an existing one only by `replace`, after a fresh backup of it. */
  readonly into:
    | { readonly kind: "new"; readonly name: string }
    | {
        readonly kind: "replace";
        /** The database's own name, typed by whoever wants this. */
        readonly confirm: string;
        /** Backs up what is there now, under the fleet's lock; without it nothing is replaced. */
        readonly freshBackup: () => Promise<BackupManifest>;
        /** End what is still connected to the database at the switch. */
        readonly disconnect?: boolean;
      };
  /** Leave out owners and grants of the dump: all belongs to whoever restores. */
  readonly plainOwners?: boolean;
  /** Go on past what fails. Only into a new database, which then is not whole. */
  readonly keepGoing?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onNote?: (text: string) => void;
}

export interface Restored {
  readonly name: string;
  /** Where what was there before lies now, until somebody removes it. */
  readonly previous?: string;
  readonly tables: number;
}

export interface Verdict {
  readonly id: string;
  readonly keep: boolean;
  readonly because: readonly string[];
}
