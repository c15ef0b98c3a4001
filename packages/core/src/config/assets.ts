import type { RawAssets } from "./assetsSchema.ts";
import { type AssetsOverrides, assetsTargets } from "./overrides.ts";
import { assets as schema } from "./schema.ts";
import { parseSection, type SectionOptions } from "./section.ts";
import { toStore } from "./store.ts";
import type { Assets, AssetsPublish } from "./types.ts";

export type AssetsOptions = SectionOptions<AssetsOverrides>;

/**
 * The `assets:` of a config file with inputs laid over it; no file is needed, nor hosts. Undefined where neither says
 * anything. Throws DeployErrors with every problem.
 */
export function parseAssets(text: string | undefined, options: AssetsOptions): Assets | undefined {
  return parseSection(text, options, {
    key: "assets",
    schema,
    targets: assetsTargets,
    resolve: resolveAssets,
  });
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
