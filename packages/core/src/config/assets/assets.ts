import type { z } from "zod";
import { input, section } from "../section.ts";
import { age } from "../values/duration.ts";
import { choice, command, flag, line, list, text, webAddress, whole } from "../values/leaves.ts";
import { mapping, named } from "../values/mapping.ts";
import { readSource, sourcePhrase } from "../values/paths.ts";
import { gatherStore, storeAddress, storeInputs, storeKeys } from "../values/store.ts";

const folder = () => text(sourcePhrase, readSource);
const distribution = () =>
  text("the id of a CloudFront distribution, such as E2QWRUHAPOMQZL", (value) =>
    /^[A-Z0-9]{5,32}$/.test(value) ? value : undefined,
  );
const building = {
  source: folder().prefault("assets").describe("The folder of the sources."),
  output: folder().prefault("public/assets").describe("Where the files go that are served."),
  build: command()
    .prefault("auto")
    .describe(
      "`auto` compiles Sass and Less and minifies; `none` takes `source` as it is; anything else is a command that fills `source`.",
    ),
  "load-paths": list(folder(), "folders")
    .prefault([])
    .describe("Where `@use` and `@import` look too, beside `source` and `node_modules`."),
  minify: flag().prefault(true).describe("Minify CSS, JavaScript and SVG."),
  html: flag().prefault(false).describe("Minify HTML as well."),
  fingerprint: choice(["auto", "all", "none"])
    .prefault("auto")
    .describe("`auto` leaves files alone that a bundler named by content already."),
  keep: list(line("a pattern, such as vendor/tinymce/ or img/*.png"), "patterns")
    .prefault([])
    .describe("Files that keep their names: `*` within a name, `**` across folders, `x/` all below it."),
  "source-maps": choice(["publish", "keep", "none"])
    .prefault("keep")
    .describe("`keep`: written, linked nowhere and never published."),
  manifests: list(choice(["json", "vite", "mix", "django", "sprockets", "propshaft"]), "manifest forms")
    .prefault(["json"])
    .describe("Which manifests are written for the framework."),
  precompress: list(choice(["gzip", "br", "zstd"]), "encodings")
    .prefault([])
    .describe("Siblings `.gz`, `.br`, `.zst` for servers that serve them."),
  "base-url": webAddress().optional().describe("Where the files are served from, when not beside the pages."),
  bridge: whole(1, 100)
    .prefault(3)
    .describe("Releases on the hosts keep the fingerprinted files of so many releases."),
};

const publishing = {
  publish: storeAddress()
    .optional()
    .describe("Where the files are published: `s3://bucket/prefix` or a folder."),
  ...storeKeys,
  "keep-releases": whole(1, 1000)
    .prefault(5)
    .describe("The store keeps the files of at least so many releases."),
  "keep-for": age()
    .prefault("30d")
    .describe("And every file for so long after it was last in the newest release."),
  cloudfront: distribution()
    .optional()
    .describe("CloudFront distribution in front: its copies of changed entry documents are purged."),
  "purge-url": webAddress().optional().describe("Or: a URL that is told, by POST, which paths to purge."),
};

const keys = mapping({ ...building, ...publishing })
  .transform(({ publish, keepReleases, keepFor, cloudfront, purgeUrl, ...given }) => {
    const { store, ...built } = gatherStore(publish, given);
    const rest = { keepReleases, keepFor, cloudfront, purgeUrl };
    return named({ ...built, publish: store && named({ store, ...rest }) });
  })
  .meta({ title: "assets", description: "What `build-assets` makes and publishes." });

/** What `build-assets` makes and publishes; folders are relative to the repository. */
export type Assets = z.output<typeof keys>;
export type AssetsPublish = NonNullable<Assets["publish"]>;

/** What an empty `assets:` means. */
export function defaultAssets(): Assets {
  return keys.parse({});
}

export const assets = section({
  grounds: ({ assets: { publish } = {} }) =>
    publish === undefined
      ? []
      : [
          {
            what: "a place of its own to publish to",
            place: [publish.store.to, publish.store.endpoint].filter(Boolean).join(" at "),
            path: ["assets", "publish"],
          },
        ],
  keys: { assets: keys.optional().describe("What `build-assets` makes and publishes.") },
  inputs: {
    source: input("text", "assets.source", "Folder of the sources; `assets` unless told."),
    output: input("text", "assets.output", "Folder for what is served; `public/assets` unless told."),
    build: input(
      "text",
      "assets.build",
      "`auto` compiles Sass and Less and minifies; `none` takes `source` as it is (Vite, webpack and esbuild built it already); anything else is a command that fills `source`.",
    ),
    "load-paths": input(
      "lines",
      "assets.load-paths",
      "Folders where `@use` and `@import` look too, one per line.",
    ),
    minify: input("flag", "assets.minify", "`false`: minify nothing."),
    html: input("flag", "assets.html", "`true`: minify HTML as well."),
    fingerprint: input(
      "text",
      "assets.fingerprint",
      "`auto`, `all` or `none`: which files are named by their content. `auto` leaves those alone that a bundler named already.",
    ),
    keep: input(
      "lines",
      "assets.keep",
      "Files that keep their names, since something names them that is not built here: `vendor/tinymce/`, `img/mail-*.png`; one pattern per line.",
    ),
    "source-maps": input(
      "text",
      "assets.source-maps",
      "`keep` (written, never published), `publish` or `none`.",
    ),
    manifests: input(
      "lines",
      "assets.manifests",
      "Manifests for the framework, one per line: `json`, `vite`, `mix`, `django`, `sprockets`, `propshaft`.",
    ),
    precompress: input(
      "lines",
      "assets.precompress",
      "Siblings for servers that serve them, one per line: `gzip`, `br`, `zstd`.",
    ),
    "base-url": input(
      "text",
      "assets.base-url",
      "Where the files are served from, when that is not beside the pages: `https://cdn.example.com/shop`.",
    ),
    publish: input(
      "text",
      "assets.publish",
      "Where to publish: `s3://bucket/prefix` or a folder. Without it nothing is published.",
    ),
    ...storeInputs("assets"),
    "keep-releases": input(
      "number",
      "assets.keep-releases",
      "The store keeps the files of at least so many releases; 5 unless told.",
    ),
    "keep-for": input(
      "text",
      "assets.keep-for",
      "And every file for so long after it was last in use: `36h`, `30d`.",
    ),
    cloudfront: input(
      "text",
      "assets.cloudfront",
      "Id of the CloudFront distribution in front: changed entry documents are purged there, and waited for.",
    ),
    "purge-url": input("text", "assets.purge-url", "URL that is told, by POST, which paths to purge."),
  },
});
