export { type BuildOptions, runBuild } from "./build.ts";
export {
  type Commit,
  type CommitRange,
  countChanges,
  listFolder,
  readCommit,
  readCommits,
} from "./commit.ts";
export { openPacked } from "./open.ts";
export { packArtifact } from "./pack.ts";
export { ending, padding, renderHeader, type TarEntry } from "./tar.ts";
export { openTree, type PackedTree } from "./tree.ts";
export type { ArtifactRecord, Entry, FileEntry, Filter, PackedArtifact, PackOptions } from "./types.ts";
export { unpackFolder } from "./unpackFolder.ts";
export { unpackSource } from "./unpackTar.ts";
