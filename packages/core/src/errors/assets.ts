import type { Codes } from "./codes.ts";

/** Building and publishing assets. */
export const assetsCodes = {
  "asset-clash": {
    cause: "Two files of the source tree would become one file of the output.",
    fix: "Rename or remove one of the two.",
  },
  "asset-collision": {
    cause:
      "The store has other bytes under a name that is for ever: a name collision, or a build that is not reproducible.",
    fix: "Find out which of the two is right; give the file a new name, or remove the object from the store by hand.",
  },
  "asset-name": {
    cause: "A file's name cannot be a key of the store or a path of a URL.",
    fix: "Rename the file.",
  },
  "asset-reference": {
    cause: "A file names another by a path that leads out of the tree.",
    fix: "Move what it names into the source folder, or write the full address of where it is served.",
  },
  "asset-syntax": {
    cause: "A source file cannot be compiled: its tool says where and why.",
    fix: "Mend that line. Nothing was written or published.",
  },
  "asset-unreadable": {
    cause: "A file of the tree cannot be read, or changed while it was.",
    fix: "Check its mode, and that nothing else writes to the source folder.",
  },
  "build-credentials": {
    cause: "Secrets are in the job that builds, and building would run code of the project beside them.",
    fix: "Build and pack in a job without secrets, and publish what was packed in another.",
    inAction:
      "Build and pack in a job without secrets, with `phase: build`, and publish what was packed in another, with `phase: publish`.",
  },
  "assets-empty": {
    cause: "The build made no file.",
    fix: "Check `source`: entry points are files whose name does not begin with `_`.",
  },
  "assets-missing": {
    cause: "The folder of the assets does not exist or is no folder.",
    fix: "Check `source`, and that an earlier build step ran.",
  },
  "assets-output": {
    cause:
      "The output folder cannot take the files: it overlaps the sources, or something that is not ours is in the way.",
    fix: "Choose another `output`, or move the named file away. Nothing was written.",
  },
  "assets-record": {
    cause: "What lies in the store as the record of a release is none that this version wrote.",
    fix: "Move the named object away, or use the version that wrote it. Nothing was removed.",
  },
  "assets-worker": {
    cause: "A worker of the build ended by itself, mostly for want of memory.",
    fix: "Run it again; if it happens again, give the runner more memory or build fewer files at once.",
  },
  "browserslist-invalid": {
    cause: "The browserslist of the project cannot be read, or names browsers nobody knows.",
    fix: "Correct `browserslist` in package.json or .browserslistrc; `npx browserslist` tries it.",
  },
  "publish-taken": {
    cause: "Another app or environment publishes to this place.",
    fix: "Give each a `publish` of its own; one that is gone is taken over by its name.",
  },
  "tool-refused": {
    cause: "The project has a version of a tool that build-assets does not know how to drive.",
    fix: "Install one of the versions named, or remove the tool from package.json: then the bundled one is used.",
  },
} as const satisfies Codes;
