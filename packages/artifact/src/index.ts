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
export type { ArtifactRecord, Filter, PackedArtifact, PackOptions } from "./types.ts";
export { unpackFolder } from "./unpackFolder.ts";
export { unpackSource } from "./unpackTar.ts";
