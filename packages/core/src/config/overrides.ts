import type { Path } from "./document.ts";

/** What inputs or flags say, as typed; an empty text says nothing. Lists hold one entry per line. */
export interface ConfigOverrides {
  readonly app?: string | undefined;
  readonly environment?: string | undefined;
  readonly url?: string | undefined;
  readonly hosts?: string | undefined;
  readonly username?: string | undefined;
  readonly leader?: string | undefined;
  readonly deployTo?: string | undefined;
  readonly source?: string | undefined;
  readonly exclude?: string | undefined;
  readonly build?: string | undefined;
  readonly sharedDirectories?: string | undefined;
  readonly sharedFiles?: string | undefined;
  readonly keepReleases?: string | undefined;
  readonly uploadMethod?: string | undefined;
  readonly uploadStore?: string | undefined;
  readonly uploadFilter?: string | undefined;
  readonly prepare?: string | undefined;
  readonly migrate?: string | undefined;
  readonly migrateEnvFile?: string | undefined;
  readonly strategy?: string | undefined;
  readonly reload?: string | undefined;
  readonly healthUrl?: string | undefined;
  readonly healthStatus?: string | undefined;
  readonly healthExpectRelease?: string | undefined;
  readonly healthWithin?: string | undefined;
  readonly healthInterval?: string | undefined;
  readonly healthPasses?: string | undefined;
}

/** The same for `assets:`; the names are the inputs of the build-assets action. */
export interface AssetsOverrides {
  readonly source?: string | undefined;
  readonly output?: string | undefined;
  readonly build?: string | undefined;
  readonly loadPaths?: string | undefined;
  readonly minify?: string | undefined;
  readonly html?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly sourceMaps?: string | undefined;
  readonly manifests?: string | undefined;
  readonly precompress?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly publish?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly pathStyle?: string | undefined;
  readonly checksums?: string | undefined;
  readonly role?: string | undefined;
  readonly keepReleases?: string | undefined;
  readonly keepFor?: string | undefined;
  readonly cloudfront?: string | undefined;
  readonly purgeUrl?: string | undefined;
}

/** The same for `backup:`; the names are the inputs of the backup action. */
export interface BackupOverrides {
  readonly database?: string | undefined;
  readonly urlSecret?: string | undefined;
  readonly globals?: string | undefined;
  readonly path?: string | undefined;
  readonly paths?: string | undefined;
  readonly run?: string | undefined;
  readonly verify?: string | undefined;
  readonly restoreCommand?: string | undefined;
  readonly store?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly pathStyle?: string | undefined;
  readonly checksums?: string | undefined;
  readonly role?: string | undefined;
  readonly encryptTo?: string | undefined;
  readonly from?: string | undefined;
  readonly compression?: string | undefined;
  readonly level?: string | undefined;
  readonly minimumSize?: string | undefined;
  readonly keep?: string | undefined;
  readonly keepFor?: string | undefined;
}

type Kind = "text" | "lines" | "number" | "flag";

export type Targets<Key extends string> = Readonly<Record<Key, readonly [Kind, ...string[]]>>;

const targets: Targets<Exclude<keyof ConfigOverrides, "environment">> = {
  app: ["text", "app"],
  url: ["text", "url"],
  hosts: ["lines", "hosts"],
  username: ["text", "username"],
  leader: ["text", "leader"],
  deployTo: ["text", "deploy-to"],
  source: ["text", "source"],
  exclude: ["lines", "exclude"],
  build: ["lines", "build"],
  sharedDirectories: ["lines", "shared", "directories"],
  sharedFiles: ["lines", "shared", "files"],
  keepReleases: ["number", "keep-releases"],
  uploadMethod: ["text", "upload", "method"],
  uploadStore: ["text", "upload", "store"],
  uploadFilter: ["lines", "upload", "filter"],
  prepare: ["lines", "prepare"],
  migrate: ["text", "migrate", "run"],
  migrateEnvFile: ["text", "migrate", "env-file"],
  strategy: ["text", "activate", "strategy"],
  reload: ["lines", "activate", "reload"],
  healthUrl: ["text", "activate", "health", "url"],
  healthStatus: ["number", "activate", "health", "status"],
  healthExpectRelease: ["flag", "activate", "health", "expect-release"],
  healthWithin: ["text", "activate", "health", "within"],
  healthInterval: ["text", "activate", "health", "interval"],
  healthPasses: ["number", "activate", "health", "passes"],
};

const assetsKinds: Readonly<Record<keyof AssetsOverrides, Kind>> = {
  source: "text",
  output: "text",
  build: "text",
  loadPaths: "lines",
  minify: "flag",
  html: "flag",
  fingerprint: "text",
  sourceMaps: "text",
  manifests: "lines",
  precompress: "lines",
  baseUrl: "text",
  publish: "text",
  endpoint: "text",
  region: "text",
  pathStyle: "flag",
  checksums: "text",
  role: "text",
  keepReleases: "number",
  keepFor: "text",
  cloudfront: "text",
  purgeUrl: "text",
};

const backupKinds: Readonly<Record<keyof BackupOverrides, Kind>> = {
  database: "text",
  urlSecret: "text",
  globals: "flag",
  path: "text",
  paths: "lines",
  run: "text",
  verify: "text",
  restoreCommand: "text",
  store: "text",
  endpoint: "text",
  region: "text",
  pathStyle: "flag",
  checksums: "text",
  role: "text",
  encryptTo: "lines",
  from: "text",
  compression: "text",
  level: "number",
  minimumSize: "text",
  keep: "number",
  keepFor: "text",
};

export const assetsTargets = below("assets", assetsKinds);
export const backupTargets: Targets<keyof BackupOverrides> = {
  ...below("backup", backupKinds),
  // `restore` would read as the order to do it.
  restoreCommand: ["text", "backup", "restore"],
};

function below<Key extends string>(section: string, kinds: Readonly<Record<Key, Kind>>): Targets<Key> {
  const entries = Object.entries<Kind>(kinds).map(([key, kind]) => [key, [kind, section, inputName(key)]]);
  return Object.fromEntries(entries) as Targets<Key>;
}

/** One input that was given: its name, where its value goes, and the line of each entry of a list. */
export interface Override {
  readonly input: string;
  readonly path: Path;
  readonly value: unknown;
  readonly lines: readonly number[];
}

/** Every input that says something. Values that are no number or flag stay text, for the schema to refuse. */
export function readOverrides<Key extends string>(
  overrides: { readonly [K in Key]?: string | undefined },
  into: Targets<Key> = targets as unknown as Targets<Key>,
): readonly Override[] {
  return Object.entries<readonly [Kind, ...string[]]>(into).flatMap(([key, [kind, ...path]]) => {
    const text = overrides[key as Key];
    if (text === undefined || text.trim() === "") return [];
    const entries = kind === "lines" ? readLines(text) : [];
    const value = kind === "lines" ? entries.map((entry) => entry.text) : readScalar(kind, text);
    return [{ input: inputName(key), path, value, lines: entries.map((entry) => entry.line) }];
  });
}

/** `deployTo` is the input `deploy-to`. */
export function inputName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The input that a path of the settings can come from. */
export function inputFor(path: Path): string {
  const keys = path.filter((part) => typeof part === "string");
  if (keys[0] === "assets" && keys[1] !== undefined) return keys.slice(1).join("-");
  if (keys[0] === "backup" && keys[1] !== undefined) {
    return keys[1] === "restore" ? "restore-command" : keys.slice(1).join("-");
  }
  const found = Object.entries(targets).find(([, [, ...target]]) => target.join("/") === keys.join("/"));
  return inputName(found?.[0] ?? keys.join("-"));
}

/** The entries of a newline list, trimmed, with the line each stands on; blank lines and `#` lines say nothing. */
export function readLines(text: string): readonly { readonly text: string; readonly line: number }[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((entry, index) => ({ text: entry.trim(), line: index + 1 }))
    .filter((entry) => entry.text !== "" && !entry.text.startsWith("#"));
}

function readScalar(kind: Kind, text: string): unknown {
  const value = text.trim();
  if (kind === "number" && /^[0-9]{1,15}$/.test(value)) return Number(value);
  if (kind === "flag" && (value === "true" || value === "false")) return value === "true";
  return value;
}
