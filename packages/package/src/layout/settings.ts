export type Layout = "releases" | "plain";

/** What is said of a package beside its files. All texts are of one line unless told. */
export interface PackageSettings {
  readonly app: string;
  readonly layout: Layout;
  /** Absolute; holds `releases`, `shared` and `current`, or in the plain layout the files themselves. */
  readonly deployTo: string;
  /** The release's id: the version of all its packages. */
  readonly release: string;
  /** `all`, or what the build's machine code is for: `amd64`, `arm64`. */
  readonly architecture: "all" | "amd64" | "arm64";
  /** `Name <mail>` */
  readonly maintainer: string;
  readonly summary: string;
  /** As dpkg writes them: `nodejs (>= 20)`. */
  readonly depends: readonly string[];
  readonly shared: { readonly directories: readonly string[]; readonly files: readonly string[] };
  /** Text of a systemd unit that is installed, and restarted when the release is live. */
  readonly unit?: string;
  /** Path below /etc -> bytes: asked about where an administrator changed them. */
  readonly configFiles?: Readonly<Record<string, string>>;
  /** Text of many lines; the copyright file. */
  readonly licence?: string;
  /** Seconds since 1970: of everything in the packages. */
  readonly mtime: number;
}
