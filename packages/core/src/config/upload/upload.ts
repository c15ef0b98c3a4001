import * as z from "zod";
import { methodNames, uploadMethods } from "../../methods/methods.ts";
import { input, section } from "../section.ts";
import { choice, list, text, whole } from "../values/leaves.ts";
import { mapping, named } from "../values/mapping.ts";
import { readSource } from "../values/paths.ts";
import { gatherStore, storeKeys } from "../values/store.ts";
import { checkUpload, uploadStorePhrase, usesStore } from "./check.ts";
import { gitHostKeys, repository } from "./repository.ts";

/** A folder of the runner cannot be fetched from; packages/store judges the rest of the address. */
const store = () =>
  text(uploadStorePhrase, (value) => (/^s3:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(value) ? value : undefined));

const filterFile = () =>
  text("a file of the repository, as a relative path without ..", (value) => {
    const path = value.endsWith("/") ? undefined : readSource(value);
    return path === "." ? undefined : path;
  });

const names = ["auto", ...methodNames] as const;
const method = () => choice(names);
const meanings = methodNames.map((name) => `\`${name}\`: ${uploadMethods[name].about}`).join("; ");

const delivery = mapping({
  method: method()
    .prefault("artifact")
    .describe(`${meanings}; \`auto\`: the best for the fleet, with a reason.`),
  unchanged: choice(["copy", "link"])
    .prefault("copy")
    .describe(
      "Files that did not change: copied from the live release, or hard links to it (a command that writes into one changes both).",
    ),
  verify: choice(["changed", "whole"])
    .prefault("changed")
    .describe(
      "What a server hashes: `changed`, all but unchanged files that it verified before and nothing wrote to since; `whole`, every file.",
    ),
  compression: choice(["auto", "zstd", "gzip", "none"])
    .prefault("auto")
    .describe("`auto`: zstd where a host has it, else gzip, else none."),
  "at-once": whole(1, 1000).prefault(64).describe("How many hosts are sent to at the same time."),
  filter: list(filterFile(), "files")
    .prefault([])
    .describe("rsync filter files: what they leave out is not packed, whichever the method."),
  repository: repository()
    .optional()
    .describe("Where hosts fetch the commit: an https or ssh URL, or `user@host:path`. For `git` alone."),
  "host-keys": gitHostKeys()
    .optional()
    .describe("Of a `repository` over ssh: the server's host keys, as lines of a known_hosts file."),
  store: store()
    .optional()
    .describe("Where hosts fetch from: `s3://bucket/prefix`. They get addresses, never keys."),
  ...storeKeys,
})
  .transform(({ store, ...given }) => named(gatherStore(usesStore(given.method) ? store : undefined, given)))
  .meta({ title: "upload", description: "How a release comes to the hosts, when a word is too little." });

/** How a release comes to the hosts. */
export type Upload = z.output<typeof delivery>;

export const upload = section({
  keys: {
    // The mapping first: what is wrong in one is told, not that it is no word.
    upload: z
      .union(
        [
          delivery,
          method()
            .transform((method): z.input<typeof delivery> => ({ method }))
            .pipe(delivery),
        ],
        {
          error: `${names.join(", ")}, or a mapping with method`,
        },
      )
      .optional()
      .describe("How a release comes to the hosts."),
  },
  word: "method",
  inputs: {
    "upload-method": input(
      "text",
      "upload.method",
      `How the release comes to the hosts: ${names.map((name) => `\`${name}\``).join(", ")}.`,
      { value: "<method>", description: `${names.join(", ")}, instead of the config's` },
    ),
    "upload-store": input("text", "upload.store", "Store that hosts fetch from: `s3://bucket/prefix`.", {
      value: "<address>",
      description: "where servers fetch from: s3://bucket/prefix",
    }),
    "upload-repository": input(
      "text",
      "upload.repository",
      "Where hosts fetch the commit, with `upload-method: git`: an https or ssh URL, or `user@host:path`.",
      { value: "<url>", description: "where servers fetch the commit, with --upload-method git" },
    ),
    "upload-filter": input(
      "lines",
      "upload.filter",
      "rsync filter files of the repository, one per line: what they leave out is not packed, whichever the method.",
    ),
  },
  check: checkUpload,
});
