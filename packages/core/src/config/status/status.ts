import type { z } from "zod";
import { input, section } from "../section.ts";
import { choice } from "../values/leaves.ts";
import { mapping, named } from "../values/mapping.ts";
import { gatherStore, storeAddress, storeKeys } from "../values/store.ts";

const keys = mapping({
  publish: storeAddress()
    .optional()
    .describe(
      "Where the page goes, with its index, `status.json`, `feed.atom` and badges: `s3://bucket/prefix` or a folder.",
    ),
  ...storeKeys,
  redact: choice(["nothing", "hosts"])
    .prefault("nothing")
    .describe("`hosts`: `host 1`, `host 2` for their names, for pages that anybody may read."),
}).transform(({ publish, ...given }) => named(gatherStore(publish, given)));

/** Where the status page is published, and what it leaves out. */
export type StatusConfig = z.output<typeof keys>;

export const status = section({
  keys: { status: keys.optional().describe("Where the status page is published.") },
  inputs: {
    publish: input(
      "text",
      "status.publish",
      "Where the page goes, with index, `status.json`, `feed.atom` and badges: `s3://bucket/prefix`, or a folder of the workspace.",
    ),
    redact: input(
      "text",
      "status.redact",
      "`hosts`: `host 1`, `host 2` for their names, for pages that anybody may read.",
    ),
  },
});
