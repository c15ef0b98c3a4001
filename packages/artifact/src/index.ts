export { type BuildOptions, runBuild } from "./build.ts";
export { type Commit, readCommit } from "./commit.ts";
export { openPacked } from "./open.ts";
export { packArtifact } from "./pack.ts";
export type { ArtifactRecord, PackedArtifact, PackOptions, Parcel } from "./types.ts";
export { unpackFolder } from "./unpack.ts";
