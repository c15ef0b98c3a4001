/** Milliseconds. */
export type Milliseconds = number;

/** One server of the fleet. `name` is unique: the address, with the port where that is not 22. */
export interface Host {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** Empty means: every role. */
  readonly roles: readonly string[];
}

/** A command the user configured, run by `sh -c` on hosts that have one of the roles (all hosts without). */
export interface HostCommand {
  readonly run: string;
  readonly roles: readonly string[];
  /** A file of `NAME=value` lines below `shared/`, loaded into the command's environment. */
  readonly envFile?: string;
}

export interface Health {
  /** Asked on each host itself: `127.0.0.1` is the host. */
  readonly url: string;
  readonly status: number;
  /** The release id must be in the `X-Release` header or in the body. */
  readonly expectRelease: boolean;
  readonly within: Milliseconds;
  readonly interval: Milliseconds;
  /** Consecutive passes that prove health. */
  readonly passes: number;
  readonly roles: readonly string[];
}

/** What is backed up. Paths are below `shared/`. */
export type BackupSource =
  | {
      readonly database: "postgres" | "mysql" | "mariadb";
      /** Name of the secret (environment variable) that holds the URL, as the leader or the runner sees the server. */
      readonly urlSecret: string;
      /** Roles and tablespaces of the server beside the database: PostgreSQL only. */
      readonly globals?: boolean;
    }
  | { readonly database: "sqlite"; readonly path: string }
  | { readonly database: "files"; readonly paths: readonly string[] }
  /** Any dump: `run` writes it to stdout, `verify` and `restore` read it from stdin; `verify` exits 0 if it is whole. */
  | {
      readonly database: "command";
      readonly run: string;
      readonly verify: string;
      readonly restore?: string;
    };

/** Where backups go, how they are proved, and how long they stay. */
export interface BackupKeeping {
  /** Absent: on the leader's own disk (sqlite and command only). */
  readonly store?: StoreSettings;
  /** age recipients; empty: not encrypted. */
  readonly encryptTo: readonly string[];
  readonly from: "leader" | "runner";
  /** `restore`: into a scratch database as well. */
  readonly proof: "read" | "restore";
  readonly compression: "auto" | "zstd" | "gzip" | "none";
  readonly level?: number;
  /** Bytes; a smaller dump is refused as empty. */
  readonly minimum: number;
  readonly keep: number;
  /** And every backup younger than this. */
  readonly keepFor?: Milliseconds;
}

export type Backup = BackupSource & BackupKeeping;

/** The migration: once per release, on the leader, as a job that outlives the connection. */
export interface Migrate {
  readonly run: string;
  readonly envFile?: string;
  /** What becomes of it when the run is cancelled, or waits no longer: it goes on, or TERM, `grace` and KILL end it. */
  readonly onCancel: "keep" | "terminate";
  readonly grace: Milliseconds;
  /** Without output for so long: reported, and nothing else. */
  readonly silence: Milliseconds;
  /** Asked when it is reported: what it prints says what the migration waits for. It must only read. */
  readonly diagnose?: string;
  /** How long the run waits; absent: as long as it takes. */
  readonly timeout?: Milliseconds;
  /** How long the run waits without output; absent: as long as it takes. */
  readonly silenceTimeout?: Milliseconds;
}

/** A store and how it is spoken to. */
export interface StoreSettings {
  /** `s3://bucket/prefix`, or a folder. */
  readonly to: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
  readonly checksums: "crc32" | "when-required";
  /** ARN, assumed with the workflow's OIDC token. */
  readonly role?: string;
}

export interface AssetsPublish {
  readonly store: StoreSettings;
  readonly keepReleases: number;
  /** How long a file stays after it was last in the newest release. */
  readonly keepFor: Milliseconds;
  /** Id of the distribution in front. */
  readonly cloudfront?: string;
  readonly purgeUrl?: string;
}

/** What `build-assets` makes and publishes; folders are relative to the repository. */
export interface Assets {
  readonly source: string;
  readonly output: string;
  /** `auto`, `none`, or a command that fills `source`. */
  readonly build: string;
  readonly loadPaths: readonly string[];
  readonly minify: boolean;
  readonly html: boolean;
  readonly fingerprint: "auto" | "all" | "none";
  readonly sourceMaps: "publish" | "keep" | "none";
  readonly manifests: readonly ("json" | "vite" | "mix" | "django" | "sprockets" | "propshaft")[];
  readonly precompress: readonly ("gzip" | "br" | "zstd")[];
  readonly baseUrl?: string;
  /** Releases on the hosts keep the fingerprinted files of so many releases. */
  readonly bridge: number;
  readonly publish?: AssetsPublish;
}

/** How a release comes to the hosts. */
export interface Upload {
  /** `auto`: chosen for each fleet from what its hosts can do, with a reason. */
  readonly method: "auto" | "artifact" | "rsync" | "pull";
  /** Files that did not change: copied from the release before, or hard links to it. */
  readonly unchanged: "copy" | "link";
  /** `auto`: the best that a host can read. */
  readonly compression: "auto" | "zstd" | "gzip" | "none";
  /** Hosts that are sent to at the same time. */
  readonly atOnce: number;
  /** rsync filter files, relative to the repository: what they leave out is not packed, whichever the method. */
  readonly filter: readonly string[];
  /** Of `pull`: where hosts fetch the release. */
  readonly store?: StoreSettings;
}

/** One environment, validated and frozen. No I/O happens after this. */
export interface Config {
  readonly app: string;
  readonly environment: string;
  readonly url?: string;
  /** The folder that is packed, relative to the repository. */
  readonly source: string;
  /** gitignore-style patterns. */
  readonly exclude: readonly string[];
  /** Commands that make `source`, run in the repository before packing. */
  readonly build: readonly string[];
  /** Absolute path on every host. */
  readonly deployTo: string;
  readonly shared: { readonly directories: readonly string[]; readonly files: readonly string[] };
  readonly keepReleases: number;
  readonly leader: string;
  readonly hosts: readonly Host[];
  readonly prepare: readonly HostCommand[];
  readonly backup?: Backup;
  readonly migrate?: Migrate;
  readonly assets?: Assets;
  /** Absent: as `defaultUpload` says. */
  readonly upload?: Upload;
  /** Releases that were live within this time stay, however many are kept. */
  readonly keepFor?: Milliseconds;
  readonly activate: {
    readonly strategy: "all";
    readonly reload: readonly HostCommand[];
    readonly health?: Health;
  };
}
