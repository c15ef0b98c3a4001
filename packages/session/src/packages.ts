// Apart from the rest of the session: only who makes packages loads it.
export { buildPackages } from "./packages/build.ts";
export { offered, openPackages, openSource, packageSigner } from "./packages/open.ts";
export { stateReleaseTested } from "./packages/tested.ts";
