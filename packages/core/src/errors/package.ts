import type { Codes } from "./codes.ts";

/** Packages, their repositories, and what signs them. */
export const packageCodes = {
  "index-busy": {
    cause: "Others published into the same repository, again and again, while this run did.",
    fix: "Run it again: nothing is lost, and the package is not sent twice.",
  },
  "index-foreign": {
    cause: "The repository's index is not signed by this environment's key: it is never extended.",
    fix: "Sign with the key that the repository was begun with; or publish into another prefix, and find out who wrote there.",
  },
  "index-missing": {
    cause: "There is no repository at this place, or not in this suite.",
    fix: "Check the store's address and `suite`; the first package that is published begins a repository.",
  },
  "not-tested": {
    cause: "Nothing signed by the source's key says that these bytes were tested there.",
    fix: "Run the tests against the source environment and let their job write the statement; then promote again.",
  },
  "package-collision": {
    cause: "Another package of this name and version is in the repository, with other bytes.",
    fix: "Give the package a new version: what was published is never replaced.",
  },
  "package-invalid": {
    cause: "A name, a version or a field is none that dpkg takes.",
    fix: "Correct the named value in the config's `package`, or in the inputs.",
  },
  "package-missing": {
    cause: "The repository has no such package, or its bytes are not those that its index names.",
    fix: "Publish it there first, and check its name and version.",
  },
  "package-unconfigured": {
    cause: "Packages are asked for, and the config does not say how they are made, published or checked.",
    fix: "Add `package: { maintainer: …, repository: s3://bucket/prefix, certificate: … }` to the config.",
  },
  "signing-key": {
    cause: "There is no key to sign with, or it is of another kind than P-256.",
    fix: "Make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, and give it whole, as a secret.",
  },
} as const satisfies Codes;
