/** One object of a store, as a listing tells it. */
export interface StoredObject {
  /** Relative to the store's location, `/`-separated, no leading `/`. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /**
   * Names this version of the object, for `overwrite`. As the server says it, without quotes: MD5 of the bytes where the object was put in
   * one piece and not encrypted by a key service. A listing of a folder tells none.
   */
  readonly etag?: string;
}

/** What asking for one object tells beyond the listing. */
export interface ObjectDetails extends StoredObject {
  /**
   * Hex SHA-256 of the bytes; we keep it as metadata, since a store's own checksum is composite for multipart. Absent for what others
   * put there, and in S3 for a stream of several parts: metadata goes ahead of the bytes (`putStream` returns the sum).
   */
  readonly sha256?: string;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  /** Ours, lower-case names. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * False: only where nothing lies. An etag: only in the place of that version (`details` tells it), and `object-missing` is thrown where
   * nothing lies any more. What lies there otherwise stays, and the answer is `present`.
   */
  readonly overwrite: boolean | { readonly etag: string };
  /** Hex SHA-256 of the body where it is known: kept as metadata and checked against the bytes sent. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
}

export interface StreamOptions extends Omit<PutOptions, "sha256"> {
  /** Upper estimate of the size in bytes; the part size follows from it, and grows where it was too small. */
  readonly estimate?: number;
  readonly onBytes?: (sent: number) => void;
}

/** Bytes to put: in memory, or a file that is read while it is sent (memory stays flat). */
export type Body = Uint8Array | { readonly file: string; readonly size: number };

/** An upload that was begun and neither completed nor aborted. */
export interface UnfinishedUpload {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly id: string;
}

export type Put =
  | { readonly kind: "written"; readonly size: number; readonly sha256: string }
  | { readonly kind: "present"; readonly object: ObjectDetails };

/**
 * Where artifacts, backups and assets are kept. Every implementation passes `storeContract` of the testkit.
 * Retries of what may be repeated (throttling, 5xx, resets, a bounded number with backoff) happen inside; what is thrown is a DeployError
 * whose place names the object. Nothing half-written is ever visible under a key.
 */
export interface Store {
  /** For people: `s3://bucket/prefix` or the folder's path. */
  readonly location: string;
  /** All objects whose key begins with `prefix`, in byte order of the keys; pages are the store's business. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Undefined: there is no such object. */
  details(key: string): Promise<ObjectDetails | undefined>;
  /**
   * The bytes; of a range `start` and `end` are both included, counted from 0. A connection that ends early is an error, never a short
   * read, and whole objects are compared with the SHA-256 they were stored with. Throws `object-missing`.
   */
  read(
    key: string,
    range?: { readonly start: number; readonly end?: number },
  ): Promise<NodeJS.ReadableStream>;
  put(key: string, body: Body, options: PutOptions): Promise<Put>;
  /**
   * Puts a stream of unknown length. The object appears only when `body` ended without an error; else the
   * upload is aborted, nothing is visible, and the body's error is thrown. Memory: a few parts.
   */
  putStream(key: string, body: AsyncIterable<Uint8Array>, options: StreamOptions): Promise<Put>;
  /** What is not there counts as removed. Throws `store-denied` where the credentials may not delete. */
  remove(key: string): Promise<void>;
  /** Uploads that were begun and neither completed nor aborted, below `prefix`. */
  listUnfinished(prefix: string): Promise<readonly UnfinishedUpload[]>;
  /**
   * An address from which anybody reads the object by plain HTTP for `expires` seconds: a secret. It ends sooner where the credentials do,
   * and is made whether or not the object is there. Absent: the store has no such addresses (a folder).
   */
  presign?(key: string, how: { readonly expires: number }): Promise<string>;
  close(): void;
}

/** Keys of an AWS account, as a store needs them. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Asked again before the keys expire, so a long upload outlives them where a new set can be had. */
export type AwsCredentials = () => Promise<AwsKeys>;

export interface S3Options {
  readonly bucket: string;
  /** Without leading or trailing `/`; empty for the whole bucket. */
  readonly prefix: string;
  readonly region?: string;
  /** Any S3-compatible server; absent: AWS. */
  readonly endpoint?: string;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`; true unless told where `endpoint` is given. */
  readonly pathStyle?: boolean;
  /** `crc32`: as the SDK does by default; `when-required`: for stores that refuse those headers. */
  readonly checksums?: "crc32" | "when-required";
  /** Server-side encryption of what is put; absent: as the bucket says. */
  readonly sse?: "AES256" | "aws:kms";
  /** Which key `aws:kms` takes, which is then meant; absent: the bucket's. */
  readonly sseKmsKeyId?: string;
  /** Absent: the standard AWS chain (environment, files, container, instance). */
  readonly credentials?: AwsCredentials;
  /** Told once, in a sentence, where the server lacks something we then do without. */
  readonly onWarning?: (text: string) => void;
}

/** The cache in front of a store. */
export interface Cdn {
  /** For people: `CloudFront E2QWRUHAPOMQZL`. */
  readonly name: string;
  /**
   * Makes these paths (each with a leading `/`, not percent-encoded) be fetched anew, and waits until that is so.
   * The same `id` is the same purge, tried again. Throws `purge-failed`.
   */
  purge(paths: readonly string[], signal?: AbortSignal, id?: string): Promise<void>;
}
