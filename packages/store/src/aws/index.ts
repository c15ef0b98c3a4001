export { chooseCredentials, type Identity } from "./choose.ts";
export { cloudFront } from "./cloudFront.ts";
export type { CloudFrontOptions } from "./invalidations.ts";
export { keyCredentials } from "./keys.ts";
export { type OidcOptions, oidcCredentials } from "./oidc.ts";
export { audience, trustPolicy } from "./trustPolicy.ts";
