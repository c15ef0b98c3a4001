// Apart from the rest of the session: only who makes packages loads it.
export { buildPackages } from "./packages/build.ts";
export { openPackages, openSource, packageSigner } from "./packages/open.ts";
