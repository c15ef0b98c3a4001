import { z } from "zod";
import { choice, list, mapping, text, whole } from "./leaves.ts";
import * as paths from "./paths.ts";
import { says } from "./says.ts";
import { storeShape } from "./storeSchema.ts";

export const uploadStorePhrase = "s3://bucket or s3://bucket/prefix, where hosts can fetch from";

/** A folder of the runner cannot be fetched from; packages/store judges the rest of the address. */
const store = () =>
  text(uploadStorePhrase, (value) => (/^s3:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(value) ? value : undefined));

const filterFile = () =>
  text("a file of the repository, as a relative path without ..", (value) => {
    const path = value.endsWith("/") ? undefined : paths.readSource(value);
    return path === "." ? undefined : path;
  });

const method = () => choice(["auto", "artifact", "rsync", "pull"]);

const uploadMapping = mapping({
  method: method()
    .optional()
    .meta(
      says(
        "`artifact`: the runner sends it to each host; `rsync`: rsync does; `pull`: hosts fetch it from `store`; `auto`: `pull` for large fleets with a store, else `artifact`.",
        "artifact",
      ),
    ),
  unchanged: choice(["copy", "link"])
    .optional()
    .meta(
      says(
        "Files that did not change: copied from the live release, or hard links to it (a command that writes into one changes both).",
        "copy",
      ),
    ),
  compression: choice(["auto", "zstd", "gzip", "none"])
    .optional()
    .meta(says("`auto`: zstd where a host has it, else gzip, else none.", "auto")),
  "at-once": whole(1, 1000).optional().meta(says("How many hosts are sent to at the same time.", 64)),
  filter: list(filterFile(), "files")
    .optional()
    .meta(says("rsync filter files: what they leave out is not packed, whichever the method.", [])),
  store: store()
    .optional()
    .meta(says("Where hosts fetch from with `pull`: `s3://bucket/prefix`. They get addresses, never keys.")),
  ...storeShape,
}).meta({ title: "upload", ...says("How a release comes to the hosts, when a word is too little.") });

/** The keys of `upload:`, or its method as a word. The mapping first: what is wrong in one is told, not that it is no word. */
export const upload = z.union([uploadMapping, method()], {
  error: "auto, artifact, rsync, pull, or a mapping with method",
});

export type RawUpload = z.output<typeof upload>;
