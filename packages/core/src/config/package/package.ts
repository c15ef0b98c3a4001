import type { z } from "zod";
import { section } from "../section.ts";
import { age } from "../values/duration.ts";
import { choice, line, list, text, webAddress, whole } from "../values/leaves.ts";
import { mapping, named } from "../values/mapping.ts";
import { name } from "../values/name.ts";
import { readShared, sharedPhrase } from "../values/paths.ts";
import { gatherStore, storeAddress, storeKeys } from "../values/store.ts";

const file = () => text(sharedPhrase, readShared);

const keys = mapping({
  maintainer: line("a name and an address, such as Shop <ops@example.org>").describe(
    "Who answers for the packages: `Shop <ops@example.org>`.",
  ),
  summary: line("a line about the app")
    .prefault("An app and its files")
    .describe("What the app is, on one line."),
  architecture: choice(["all", "amd64", "arm64"])
    .prefault("all")
    .describe("`all` where nothing in it is compiled, else what it was compiled for."),
  layout: choice(["releases", "plain"])
    .prefault("releases")
    .describe(
      "`releases`: each release a package of its own beside the others, and one that says which is live. `plain`: one package, whose files are replaced one by one.",
    ),
  depends: list(line("a package, such as nodejs (>= 20)"), "packages")
    .prefault([])
    .describe("What must be installed with it, as dpkg writes it: `nodejs (>= 20)`."),
  unit: file()
    .optional()
    .describe("File of the repository that is a systemd unit; it is restarted when a release goes live."),
  "config-files": list(file(), "paths")
    .prefault([])
    .describe(
      "Files of the repository that go to `/etc/<app>/`, and are kept where an administrator changed them.",
    ),
  licence: file().optional().describe("File of the repository that says who may use it."),
  repository: storeAddress()
    .optional()
    .describe("Store that holds the APT repository: `s3://bucket/prefix` or a folder."),
  ...storeKeys,
  suite: name().prefault("stable").describe("Name of the suite in it."),
  url: webAddress().optional().describe("Where hosts read the repository."),
  certificate: file()
    .optional()
    .describe(
      "File of the repository that is this environment's certificate: what is promoted from here is checked by it.",
    ),
  keep: whole(1, 10_000).prefault(20).describe("How many releases stay in the index."),
  "keep-for": age()
    .optional()
    .describe("How long files stay in the store after no index names them; a day at the least."),
  "valid-for": age()
    .optional()
    .describe(
      "How long hosts believe an index. Without: for ever; with it, something must publish or refresh in time.",
    ),
}).transform(({ repository, ...given }) => named(gatherStore(repository, given)));

/** How releases become Debian packages, and where these are published. Times in milliseconds. */
export type PackageConfig = z.output<typeof keys>;

export const packages = section({
  keys: {
    package: keys
      .optional()
      .describe("Releases as Debian packages, and the APT repository they are published in."),
  },
});
