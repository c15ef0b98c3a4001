import { DeployErrors } from "../errors.ts";
import type { RawAssets } from "./assetsSchema.ts";
import { readYaml } from "./document.ts";
import { readIssues } from "./issues.ts";
import { type ConfigFile, layEnvironment } from "./layers.ts";
import { type AssetsOverrides, assetsTargets, readOverrides } from "./overrides.ts";
import { problem } from "./problem.ts";
import { assets as schema } from "./schema.ts";
import type { Assets, AssetsPublish, StoreSettings } from "./types.ts";

export interface AssetsOptions {
  /** The file's name, as problems show it. */
  readonly file: string;
  /** Without: the file's own keys, whatever its environments say. */
  readonly environment?: string | undefined;
  readonly overrides?: AssetsOverrides | undefined;
}

/**
 * The `assets:` of a config file with inputs laid over it; no file is needed, nor hosts. Undefined where neither says
 * anything. Throws DeployErrors with every problem.
 */
export function parseAssets(text: string | undefined, options: AssetsOptions): Assets | undefined {
  const overrides = readOverrides(options.overrides ?? {}, assetsTargets);
  const file: ConfigFile | undefined =
    text === undefined ? undefined : { name: options.file, document: readYaml(text) };
  const syntax = (file?.document.problems ?? []).map(({ message, ...position }) =>
    problem({ code: "config-syntax", message }, { file: options.file, ...position }),
  );
  if (syntax.length > 0) throw new DeployErrors(syntax);
  const layers = layEnvironment(file, options.environment, overrides);
  const given = layers.tree.assets;
  if (given === undefined || given === null) return undefined;
  const read = schema.safeParse(given);
  if (read.success) return resolveAssets(read.data);
  const findings = readIssues(read.error.issues, given, ["assets"]);
  throw new DeployErrors(findings.map((finding) => problem(finding, layers.place(finding.path, finding.at))));
}

/** What an empty `assets:` means. */
export function defaultAssets(): Assets {
  return resolveAssets({});
}

/** Defaults filled in. */
export function resolveAssets(raw: RawAssets): Assets {
  const publish = toPublish(raw);
  return {
    source: raw.source ?? "assets",
    output: raw.output ?? "public/assets",
    build: raw.build ?? "auto",
    loadPaths: raw["load-paths"] ?? [],
    minify: raw.minify ?? true,
    html: raw.html ?? false,
    fingerprint: raw.fingerprint ?? "auto",
    sourceMaps: raw["source-maps"] ?? "keep",
    manifests: raw.manifests ?? ["json"],
    precompress: raw.precompress ?? [],
    ...(raw["base-url"] === undefined ? {} : { baseUrl: raw["base-url"] }),
    bridge: raw.bridge ?? 3,
    ...(publish === undefined ? {} : { publish }),
  };
}

const day = 86_400_000;

function toPublish(raw: RawAssets): AssetsPublish | undefined {
  if (raw.publish === undefined) return undefined;
  return {
    store: toStore(raw.publish, raw),
    keepReleases: raw["keep-releases"] ?? 5,
    keepFor: raw["keep-for"] ?? 30 * day,
    ...(raw.cloudfront === undefined ? {} : { cloudfront: raw.cloudfront }),
    ...(raw["purge-url"] === undefined ? {} : { purgeUrl: raw["purge-url"] }),
  };
}

type RawStore = Pick<RawAssets, "endpoint" | "region" | "path-style" | "checksums" | "role">;

/** The settings of one store, from the keys that every mapping with a store has. */
export function toStore(to: string, raw: RawStore): StoreSettings {
  return {
    to,
    ...(raw.endpoint === undefined ? {} : { endpoint: raw.endpoint }),
    ...(raw.region === undefined ? {} : { region: raw.region }),
    ...(raw["path-style"] === undefined ? {} : { pathStyle: raw["path-style"] }),
    checksums: raw.checksums ?? "crc32",
    ...(raw.role === undefined ? {} : { role: raw.role }),
  };
}
