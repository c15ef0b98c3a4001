import type { Problem } from "@deploy/core";

/** What a file is, by its extension; decides compiler, minifier, table row and content type. */
export type AssetKind = "css" | "js" | "html" | "svg" | "image" | "font" | "map" | "other";

/** One file of the source tree, as it lies there. */
export interface SourceFile {
  /** Relative to the source folder, `/`-separated. */
  readonly path: string;
  readonly absolute: string;
  readonly size: number;
}

/** Bytes in memory (what we made) or a file that is only copied (images, fonts, videos: never read whole). */
export type Contents =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "file"; readonly absolute: string; readonly size: number };

/** A file as the compilers and minifiers made it, under the name people write: `css/app.css`. */
export interface BuiltFile {
  /** Logical path in the output: `css/app.css` for `css/app.scss`. */
  readonly path: string;
  readonly kind: AssetKind;
  /** Source path, for messages. */
  readonly from: string;
  /** Bytes before minifying (compiled CSS, plain JS), for the table. */
  readonly before: number;
  readonly contents: Contents;
  /** Source map JSON, `sources` relative to the source folder; the fingerprint room names and links it. */
  readonly map?: Uint8Array;
}

/** Which version of which tool did what: `sass 1.98.0 (the project's) compiled 12 files`. */
export interface ToolUse {
  readonly name: string;
  readonly version: string;
  readonly from: "project" | "bundled";
  readonly files: number;
}

export interface BuildOptions {
  /** The repository: tools and `node_modules` are looked up from here. */
  readonly root: string;
  /** Absolute. */
  readonly source: string;
  /** False: another build made the source folder what it is. Nothing is compiled or minified, and `_` in a name means nothing. */
  readonly compile?: boolean;
  readonly minify: boolean;
  readonly sourceMaps: boolean;
  /** Minify HTML too. */
  readonly html: boolean;
  /** False: credentials are at hand, beside which no code of the project runs (`build-credentials`). */
  readonly ownCode?: boolean;
  /** Folders below `root` in which `@use`/`@import` also look. */
  readonly loadPaths: readonly string[];
  /** Folder of the incremental cache; absent: everything is built. */
  readonly cache?: string;
  /** How many workers; the number of cores unless told. */
  readonly workers?: number;
  /** The file a worker runs, if not ours; in a bundle the main is, once it has asked `isAssetWorker`. */
  readonly worker?: string | URL;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, path: string) => void;
  /** Deprecations and the like, a line each. */
  readonly onWarning?: (text: string, place: { file: string; line?: number; column?: number }) => void;
}

export interface Built {
  readonly files: readonly BuiltFile[];
  readonly tools: readonly ToolUse[];
  /** How many files came from the cache. */
  readonly reused: number;
}

/** A file under its final name, written in the output folder. */
export interface AssetFile {
  /** `css/app.css` */
  readonly logical: string;
  /** `css/app-3f9c2b1a7d20.css`; equal to `logical` for entry documents (HTML) and where fingerprints are off. */
  readonly path: string;
  readonly kind: AssetKind;
  readonly contentType: string;
  /** Named by its content: may be cached for ever. */
  readonly immutable: boolean;
  /** Present for a precompressed sibling (`….css.br`), whose `contentType` is the original's. */
  readonly encoding?: "gzip" | "br" | "zstd";
  /** Bytes. */
  readonly size: number;
  /** Bytes before minifying. */
  readonly before: number;
  /** Hex. */
  readonly sha256: string;
  /** `sha384-…`, as SRI has it. */
  readonly integrity: string;
  /** Bytes of the sibling that was asked for, or else as servers compress (gzip 6, brotli 5); absent for what does not compress (images, fonts) and for siblings. */
  readonly gzip?: number;
  readonly brotli?: number;
  /** Not published: source maps with `source-maps: keep`. */
  readonly kept?: boolean;
  /** The same file as another of this `logical`, under that name: for scripts that put it together. */
  readonly copy?: true;
}

export type ManifestForm = "json" | "vite" | "mix" | "django" | "sprockets" | "propshaft";
export type Encoding = "gzip" | "br" | "zstd";

export interface FingerprintOptions {
  /** Absolute output folder; files of an older build of ours that are not made any more are removed from it. */
  readonly output: string;
  /** `all` names every file by its content; `none` leaves names; `auto`: as `all`, but files a bundler (Vite, webpack, esbuild) has already named by content keep their names. */
  readonly fingerprint: "auto" | "all" | "none";
  /** Where files will be served from: absolute references get it, else they are relative. E.g. `https://cdn.example.com/shop`. */
  readonly baseUrl?: string;
  /** Without a base URL: where below the document root the output lies (`/assets`); absent where that is not known. */
  readonly place?: string;
  /** Patterns of files that keep their names. */
  readonly keep?: readonly string[];
  readonly precompress: readonly Encoding[];
  /** `publish`: beside its file; `keep`: in the output only, never published and not linked; `none`. */
  readonly sourceMaps: "publish" | "keep" | "none";
  readonly manifests: readonly ManifestForm[];
  readonly cache?: string;
  readonly signal?: AbortSignal;
  /** Absolute; where given, an output folder in or around it is refused. */
  readonly source?: string;
  /** References to no file of the tree, names kept for safety: a line each. */
  readonly onWarning?: (text: string, place: { file: string; line?: number; column?: number }) => void;
}

/** The output folder as data; written into it as `.deploy-assets.json` and kept in the store per release. */
export interface AssetIndex {
  readonly schema: 1;
  readonly files: readonly AssetFile[];
  /** Names of the manifests written, relative to the output folder. */
  readonly manifests: readonly string[];
}

/** How long what older releases need stays in the store. */
export interface Retention {
  /** At least the last N releases. */
  readonly keepReleases: number;
  /** Milliseconds after a file was last part of the newest release. */
  readonly keepFor: number;
}

export interface PublishResult {
  readonly uploaded: number;
  readonly bytesUploaded: number;
  /** Already there with the same bytes. */
  readonly present: number;
  /** `purged`; `not-needed`: no entry document changed or no cache is named; `failed`: uploaded, not purged. */
  readonly purge: "purged" | "not-needed" | "failed";
  /** Why the purge failed. */
  readonly purgeProblem?: Problem;
  /** The release record before this one, for the change column. */
  readonly before?: AssetIndex;
}
