import type { z } from "zod";
import { agePhrase, readAge } from "./duration.ts";
import { choice, command, flag, list, mapping, text, webAddress, whole } from "./leaves.ts";
import * as paths from "./paths.ts";
import { says } from "./says.ts";
import { storeAddress, storeShape } from "./storeSchema.ts";

const folder = () => text(paths.sourcePhrase, paths.readSource);
const distribution = () =>
  text("the id of a CloudFront distribution, such as E2QWRUHAPOMQZL", (value) =>
    /^[A-Z0-9]{5,32}$/.test(value) ? value : undefined,
  );
const building = {
  source: folder().optional().meta(says("The folder of the sources.", "assets")),
  output: folder().optional().meta(says("Where the files go that are served.", "public/assets")),
  build: command()
    .optional()
    .meta(
      says(
        "`auto` compiles Sass and Less and minifies; `none` takes `source` as it is; anything else is a command that fills `source`.",
        "auto",
      ),
    ),
  "load-paths": list(folder(), "folders")
    .optional()
    .meta(says("Where `@use` and `@import` look too, beside `source` and `node_modules`.", [])),
  minify: flag().optional().meta(says("Minify CSS, JavaScript and SVG.", true)),
  html: flag().optional().meta(says("Minify HTML as well.", false)),
  fingerprint: choice(["auto", "all", "none"])
    .optional()
    .meta(says("`auto` leaves files alone that a bundler named by content already.", "auto")),
  "source-maps": choice(["publish", "keep", "none"])
    .optional()
    .meta(says("`keep`: written, linked nowhere and never published.", "keep")),
  manifests: list(choice(["json", "vite", "mix", "django", "sprockets", "propshaft"]), "manifest forms")
    .optional()
    .meta(says("Which manifests are written for the framework.", ["json"])),
  precompress: list(choice(["gzip", "br", "zstd"]), "encodings")
    .optional()
    .meta(says("Siblings `.gz`, `.br`, `.zst` for servers that serve them.", [])),
  "base-url": webAddress()
    .optional()
    .meta(says("Where the files are served from, when not beside the pages.")),
  bridge: whole(1, 100)
    .optional()
    .meta(says("Releases on the hosts keep the fingerprinted files of so many releases.", 3)),
};

const publishing = {
  publish: storeAddress()
    .optional()
    .meta(says("Where the files are published: `s3://bucket/prefix` or a folder.")),
  ...storeShape,
  "keep-releases": whole(1, 1000)
    .optional()
    .meta(says("The store keeps the files of at least so many releases.", 5)),
  "keep-for": text(agePhrase, readAge)
    .optional()
    .meta(says("And every file for so long after it was last in the newest release.", "30d")),
  cloudfront: distribution()
    .optional()
    .meta(says("CloudFront distribution in front: its copies of changed entry documents are purged.")),
  "purge-url": webAddress().optional().meta(says("Or: a URL that is told, by POST, which paths to purge.")),
};

/** The keys of `assets:`; the inputs of the build-assets action are the same. */
export const assets = mapping({ ...building, ...publishing }).meta({
  title: "assets",
  ...says("What `build-assets` makes and publishes."),
});

export type RawAssets = z.output<typeof assets>;
